#include "runtime/reactor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <system_error>

#include "catch.hpp"
#include "runtime/watch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }
  void write() { REQUIRE(::write(in.get(), "x", 1) == 1); }
  base::UniqueFd out, in;
};

struct Counter final : runtime::ReadinessObserver {
  void on_readable() override {
    ++count;
    if (then) then();
  }
  int count = 0;
  std::function<void()> then;
};

}  // namespace

TEST_CASE("an observer hears of bytes once when it watches edges, and until they are read when levels") {
  on_worker_thread([](WorkerThread& worker) {
    Pipe pipe;
    Counter edge, level;
    const runtime::Watch watch_edge(worker.reactor, pipe.out.get(), &edge);
    Pipe other;
    const runtime::Watch watch_level(worker.reactor, other.out.get(), &level, runtime::Watch::Trigger::level);
    pipe.write();
    other.write();
    while (level.count < 5) runtime::sleep_until(runtime::Clock::now() + 1ms);
    CHECK(edge.count == 1);
  });
}

TEST_CASE("a watch that ends hears no more, even of events already collected") {
  on_worker_thread([](WorkerThread& worker) {
    Pipe pipes[2];
    Counter counters[2];
    std::optional<runtime::Watch> watches[2];
    for (int i = 0; i < 2; ++i) {
      watches[i].emplace(worker.reactor, pipes[i].out.get(), &counters[i]);
      counters[i].then = [&watches, i] { watches[1 - i].reset(); };
      pipes[i].write();
    }
    runtime::sleep_until(runtime::Clock::now() + 10ms);
    CHECK(counters[0].count + counters[1].count == 1);
  });
}

TEST_CASE("what other threads post is done, and the pulse goes on") {
  on_worker_thread([](WorkerThread& worker) {
    const auto before = worker.turns.load();
    runtime::ParkingSpot spot;
    bool done = false;
    boost::asio::post(worker.reactor.io(), [&] {
      done = true;
      spot.unpark();
    });
    while (!done) spot.park_until(runtime::Clock::now() + 10s);
    CHECK(worker.turns.load() > before);
    CHECK_FALSE(worker.waiting.load());
  });
}

TEST_CASE("a regular file can't be watched, and says so") {
  on_worker_thread([](WorkerThread& worker) {
    const base::UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    CHECK_THROWS_AS(runtime::Watch(worker.reactor, file.get()), std::system_error);
  });
}

TEST_CASE("each event is a turn, however many came at once") {
  on_worker_thread([](WorkerThread& worker) {
    constexpr int kPipes = 20;
    Pipe pipes[kPipes];
    Counter counters[kPipes];
    std::optional<runtime::Watch> watches[kPipes];
    std::uint64_t before = 0, least = UINT64_MAX;
    for (int i = 0; i < kPipes; ++i) {
      watches[i].emplace(worker.reactor, pipes[i].out.get(), &counters[i]);
      counters[i].then = [&] {
        if (before != 0) least = std::min(least, worker.turns.load() - before);
        before = worker.turns.load();
      };
      pipes[i].write();
    }
    runtime::sleep_until(runtime::Clock::now() + 10ms);
    CHECK(least >= 1);
  });
}
