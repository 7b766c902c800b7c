#include "runtime/name_lookup.hpp"

#include <dlfcn.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string_view>

#include "catch.hpp"
#include "runtime/connect.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

// A name server that answers for `*.slow` when it is told to, and not before.
struct SlowServer {
  std::mutex mutex;
  std::condition_variable changed;
  int asked = 0;
  int answered = 0;
  bool answers = false;

  void wait_to_answer() {
    std::unique_lock lock(mutex);
    ++asked;
    changed.notify_all();
    changed.wait(lock, [this] { return answers; });
    ++answered;
    changed.notify_all();
  }
  void wait_until(int SlowServer::*count, int number) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 20s, [&] { return this->*count == number; }));
  }
  void answer() {
    const std::lock_guard lock(mutex);
    answers = true;
    changed.notify_all();
  }
};
SlowServer* slow_server = nullptr;

}  // namespace

// Found before libc's (ld.so(8)): asks the slow server for its names, and libc for all others.
extern "C" int getaddrinfo(const char* name, const char* port, const addrinfo* hints, addrinfo** found) {
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (slow_server && std::string_view(name).ends_with(".slow") && !(hints->ai_flags & AI_NUMERICHOST)) {
    slow_server->wait_to_answer();
    name = "127.0.0.1";
  }
  return real(name, port, hints, found);
}

TEST_CASE("a hundred slow names do not wait for each other") {
  on_worker_thread([](WorkerThread& worker) {
    SlowServer server;
    slow_server = &server;
    int found = 0;
    constexpr int kNames = 100;
    runtime::ParkingSpot all_found;
    for (int i = 0; i < kNames; ++i) {
      runtime::spawn(worker.stacks, [&, i] {
        const auto addresses = runtime::look_up(worker.pools.names, std::to_string(i) + ".slow", 80,
                                                runtime::Clock::now() + 20s);
        if (addresses && ++found == kNames) all_found.unpark();
      });
    }
    runtime::yield();
    server.wait_until(&SlowServer::asked, kNames);
    server.answer();
    all_found.park_until(runtime::Clock::now() + 20s);
    CHECK(found == kNames);
    slow_server = nullptr;
  });
}

TEST_CASE("a name that is not answered in time holds up nobody, and its late answer finds nobody") {
  on_worker_thread([](WorkerThread& worker) {
    SlowServer server;
    slow_server = &server;
    const auto late =
        runtime::connect(worker.reactor, worker.pools.names, "a.slow", 80, runtime::Clock::now() + 20ms);
    CHECK_FALSE(late.stream);
    CHECK(late.error == std::errc::timed_out);
    server.wait_until(&SlowServer::asked, 1);
    server.answer();
    server.wait_until(&SlowServer::answered, 1);
    CHECK(runtime::look_up(worker.pools.names, "b.slow", 80, runtime::Clock::now() + 20s));
    slow_server = nullptr;
  });
}

TEST_CASE("a number is its own address, and nothing is nobody's") {
  on_worker_thread([](WorkerThread& worker) {
    const auto ask = [&](const char* host) {
      return runtime::look_up(worker.pools.names, host, 80, runtime::kNever);
    };
    CHECK(ask("127.0.0.1")->ai_family == AF_INET);
    CHECK(ask("::1")->ai_family == AF_INET6);
    CHECK(ask("") == nullptr);
  });
}
