#include "runtime/offload.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

constexpr int kFibers = 20;

// Runs `function(i)` on kFibers fibers, and waits for them all.
template <typename Function>
void on_fibers(WorkerThread& worker, Function function) {
  int left = kFibers;
  runtime::ParkingSpot none_left;
  for (int i = 0; i < kFibers; ++i) {
    runtime::spawn(worker.stacks, [&, i] {
      function(i);
      if (--left == 0) none_left.unpark();
    });
  }
  none_left.park_until(runtime::Clock::now() + 20s);
  REQUIRE(left == 0);
}

bool is_thread(pid_t thread) { return std::filesystem::exists("/proc/self/task/" + std::to_string(thread)); }

}  // namespace

TEST_CASE("a function runs on another thread, and what it returns or throws comes back") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ThreadPool& pool = worker.pools.offload;
    CHECK(pool.run([] { return ::gettid(); }) != ::gettid());
    CHECK(*pool.run([] { return std::make_unique<int>(7); }) == 7);
    int written = 0;
    pool.run([&] { written = 8; });
    CHECK(written == 8);
    CHECK_THROWS_WITH(pool.run([]() -> int { throw std::runtime_error("thrown there"); }), "thrown there");
  });
}

TEST_CASE("errno goes along, and comes back") {
  on_worker_thread([](WorkerThread& worker) {
    errno = EXDEV;
    const int before = worker.pools.offload.run([] { return std::exchange(errno, EDOM); });
    const int after = errno;
    CHECK(before == EXDEV);
    CHECK(after == EDOM);
  });
}

TEST_CASE("a pool has a thread for each of those that wait for one another") {
  on_worker_thread([](WorkerThread& worker) {
    std::latch all_there(kFibers);
    on_fibers(worker, [&](int) { worker.pools.waits.run([&] { all_there.arrive_and_wait(); }); });
  });
}

TEST_CASE("a pool has no more threads than it may, and what is more waits its turn") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ThreadPool pool(worker.reactor, "two", 2);
    std::set<pid_t> threads;
    int done = 0;
    on_fibers(worker, [&](int) {
      threads.insert(pool.run([] { return ::gettid(); }));
      ++done;
    });
    CHECK(done == kFibers);
    CHECK(threads.size() <= 2);
  });
}

TEST_CASE("a thread is named, and takes no signals but those of its own faults") {
  on_worker_thread([](WorkerThread& worker) {
    const auto check = [] {
      char name[16];
      ::pthread_getname_np(::pthread_self(), name, sizeof name);
      sigset_t blocked;
      ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
      CHECK(std::string(name) == "names-1");
      CHECK(::sigismember(&blocked, SIGTERM));
      CHECK(::sigismember(&blocked, SIGCHLD));
      CHECK_FALSE(::sigismember(&blocked, SIGSEGV));
    };
    worker.pools.names.run(check);
  });
}

TEST_CASE("a thread starts when it is needed, serves again and ends when it has been idle") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ThreadPool pool(worker.reactor, "short", 5, 200ms);
    std::set<pid_t> threads;  // another one starts where those before are not back yet
    while (threads.insert(pool.run([] { return ::gettid(); })).second && threads.size() < 100) {
    }
    CHECK(threads.size() < 100);
    const auto deadline = runtime::Clock::now() + 10s;
    while (std::any_of(threads.begin(), threads.end(), is_thread) && runtime::Clock::now() < deadline) {
      runtime::sleep_until(runtime::Clock::now() + 10ms);
    }
    CHECK(std::none_of(threads.begin(), threads.end(), is_thread));
    CHECK(pool.run([] { return 1; }) == 1);
  });
}

TEST_CASE("where no thread can be had the function is not run, unless one comes free for it") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ThreadPool one(worker.reactor, "one", 5);
    one.run([] {});
    std::deque<std::unique_ptr<runtime::ThreadPool>> others;
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    rlimit limit = before;
    limit.rlim_cur = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + (1 << 20);
    ::setrlimit(RLIMIT_AS, &limit);
    bool run = false, refused = false;
    for (int i = 0; i < 100 && !refused; ++i) {  // the C library may have stacks of threads to hand
      run = false;
      others.push_back(std::make_unique<runtime::ThreadPool>(worker.reactor, "other", 5));
      try {
        others.back()->run([&] { run = true; });
      } catch (const runtime::NoThread& error) {
        refused = error.code() == std::errc::resource_unavailable_try_again;
      }
    }
    int done = 0;
    on_fibers(worker, [&](int) {
      one.run([] {});
      ++done;
    });
    ::setrlimit(RLIMIT_AS, &before);
    CHECK(refused);
    CHECK_FALSE(run);
    CHECK(done == kFibers);
  });
}
