#include "runtime/descriptor_waits.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

struct Pair {
  Pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }
  void send() const { REQUIRE(::send(theirs.get(), "x", 1, 0) == 1); }

  base::UniqueFd ours;
  base::UniqueFd theirs;
};

int wait_for(WorkerThread& worker, int descriptor, std::uint32_t events, runtime::Duration limit = 10s) {
  runtime::DescriptorWait wait(descriptor, events);
  return worker.reactor.descriptor_waits().wait({&wait, 1}, runtime::Clock::now() + limit);
}

}  // namespace

TEST_CASE("a fiber waits for a descriptor until it is ready") {
  on_worker_thread([](WorkerThread& worker) {
    const Pair pair;
    runtime::spawn(worker.stacks, [&] { pair.send(); });
    CHECK(wait_for(worker, pair.ours.get(), POLLIN) == 0);
    CHECK(wait_for(worker, pair.ours.get(), POLLOUT) == 0);
  });
}

TEST_CASE("a wait for a descriptor ends at its deadline") {
  on_worker_thread([](WorkerThread& worker) {
    const Pair pair;
    CHECK(wait_for(worker, pair.ours.get(), POLLIN, 1ms) == ETIMEDOUT);
    pair.send();
    CHECK(wait_for(worker, pair.ours.get(), POLLIN) == 0);
  });
}

TEST_CASE("a wait for many descriptors ends with the first") {
  on_worker_thread([](WorkerThread& worker) {
    std::array<Pair, 20> pairs;
    std::vector<runtime::DescriptorWait> waits;
    for (const Pair& pair : pairs) waits.emplace_back(pair.ours.get(), POLLIN);
    waits.emplace_back(-1, POLLIN);
    runtime::spawn(worker.stacks, [&] { pairs[13].send(); });
    CHECK(worker.reactor.descriptor_waits().wait(waits, runtime::Clock::now() + 10s) == 0);
  });
}

TEST_CASE("a reader and a writer wait for one descriptor, each for its own") {
  on_worker_thread([](WorkerThread& worker) {
    const Pair pair;
    while (::send(pair.ours.get(), "xxxxxxxx", 8, MSG_DONTWAIT) > 0) {
    }
    std::string order;
    runtime::spawn(worker.stacks, [&] {
      if (wait_for(worker, pair.ours.get(), POLLIN) == 0) order += 'r';
    });
    runtime::spawn(worker.stacks, [&] {
      if (wait_for(worker, pair.ours.get(), POLLOUT) == 0) order += 'w';
    });
    runtime::yield();
    pair.send();
    runtime::sleep_until(runtime::Clock::now() + 5ms);
    CHECK(order == "r");
    std::array<char, 1 << 16> sink;
    while (::recv(pair.theirs.get(), sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
    }
    while (order.size() < 2) runtime::sleep_until(runtime::Clock::now() + 1ms);
    CHECK(order == "rw");
  });
}

TEST_CASE("closing a descriptor wakes who waits for it, and says so") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair;
    runtime::spawn(worker.stacks, [&] {
      worker.reactor.descriptor_waits().closing(pair.ours.get());
      pair.ours.reset();
    });
    CHECK(wait_for(worker, pair.ours.get(), POLLIN) == EBADF);
  });
}

TEST_CASE("a descriptor that was closed unseen does not stand in the way of the next of its number") {
  on_worker_thread([](WorkerThread& worker) {
    const int number = [&] {
      const Pair pair;
      CHECK(wait_for(worker, pair.ours.get(), POLLIN, 1ms) == ETIMEDOUT);
      return pair.ours.get();
    }();
    const Pair next;
    REQUIRE(next.ours.get() == number);
    runtime::spawn(worker.stacks, [&] { next.send(); });
    CHECK(wait_for(worker, number, POLLIN) == 0);
  });
}

TEST_CASE("what can't be waited for is refused") {
  on_worker_thread([](WorkerThread& worker) {
    const base::UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    CHECK(wait_for(worker, file.get(), POLLIN) == EPERM);
    CHECK(wait_for(worker, 1'000'000, POLLIN) == EBADF);
  });
}
