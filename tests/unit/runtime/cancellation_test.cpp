#include "runtime/cancellation.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "catch.hpp"
#include "runtime/task.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;
using runtime::Clock;
using runtime::Cut;
using runtime::Wake;

namespace {

class Counted final : public runtime::Task {
 public:
  int told = 0;

 private:
  void resumed() noexcept override {}
  void suspended() noexcept override {}
  void interrupted() noexcept override { ++told; }
};

// A task on a fiber of its own, until it ends.
template <typename Body>
struct OnFiber {
  OnFiber(WorkerThread& worker, Body body) {
    runtime::spawn(worker.stacks, [this, body] {
      {
        const runtime::Task::Running running(task);
        body();
      }
      ended = true;
      spot.unpark();
    });
    runtime::yield();
  }
  void wait() {
    while (!ended) spot.park_until();
  }

  Counted task;
  bool ended = false;
  runtime::ParkingSpot spot;
};

}  // namespace

TEST_CASE("a wait that may be cut ends when its task is cancelled, and later ones are refused") {
  on_worker_thread([](WorkerThread& worker) {
    Wake first{}, second{};
    OnFiber fiber(worker, [&] {
      runtime::ParkingSpot spot;
      first = spot.park_until(runtime::kNever, Cut::when_cancelled);
      second = runtime::sleep_until(Clock::now() + 1h);
    });
    CHECK_FALSE(fiber.ended);
    fiber.task.cancellation().request();
    fiber.wait();
    CHECK(first == Wake::cancelled);
    CHECK(second == Wake::cancelled);
    CHECK(fiber.task.told == 1);
  });
}

TEST_CASE("a wait with a deadline can be cut too, and the deadline comes to nothing then") {
  on_worker_thread([](WorkerThread& worker) {
    Wake wake{};
    OnFiber fiber(worker, [&] { wake = runtime::sleep_until(Clock::now() + 20ms); });
    fiber.task.cancellation().request();
    fiber.wait();
    CHECK(wake == Wake::cancelled);
    CHECK(runtime::sleep_until(Clock::now() + 40ms) == Wake::timed_out);
  });
}

TEST_CASE("a wait that may not be cut goes on, and its task is told where that is, each time it is asked") {
  on_worker_thread([](WorkerThread& worker) {
    Wake wake{};
    runtime::ParkingSpot spot;
    OnFiber fiber(worker, [&] { wake = spot.park_until(); });
    for (int asked = 1; asked <= 3; ++asked) {
      fiber.task.cancellation().request();
      runtime::yield();
      CHECK_FALSE(fiber.ended);
      CHECK(fiber.task.told == asked);
    }
    spot.unpark();
    fiber.wait();
    CHECK(wake == Wake::signalled);
  });
}

TEST_CASE("a fiber that is ready when its task is cancelled gets what it was woken for") {
  on_worker_thread([](WorkerThread& worker) {
    Wake wake{}, next{};
    runtime::ParkingSpot spot;
    OnFiber fiber(worker, [&] {
      wake = spot.park_until(runtime::kNever, Cut::when_cancelled);
      next = spot.park_until(runtime::kNever, Cut::when_cancelled);
    });
    spot.unpark();
    fiber.task.cancellation().request();
    fiber.wait();
    CHECK(wake == Wake::signalled);
    CHECK(next == Wake::cancelled);
  });
}

TEST_CASE("while cancellation is disabled waits go on, and the next one after that is refused") {
  on_worker_thread([](WorkerThread& worker) {
    Wake held{}, next{};
    runtime::ParkingSpot spot;
    OnFiber fiber(worker, [&] {
      auto& cancellation = runtime::Task::current()->cancellation();
      CHECK(cancellation.exchange_enabled(false));
      held = spot.park_until(runtime::kNever, Cut::when_cancelled);
      CHECK_FALSE(cancellation.exchange_enabled(true));
      next = spot.park_until(runtime::kNever, Cut::when_cancelled);
    });
    fiber.task.cancellation().request();
    runtime::yield();
    CHECK_FALSE(fiber.ended);
    spot.unpark();
    fiber.wait();
    CHECK(held == Wake::signalled);
    CHECK(next == Wake::cancelled);
  });
}

TEST_CASE("who waits again and again after his cancellation leaves the others their turns") {
  on_worker_thread([](WorkerThread& worker) {
    int refused = 0;
    bool stop = false;
    OnFiber fiber(worker, [&] {
      while (!stop) refused += runtime::sleep_until(Clock::now() + 1h) == Wake::cancelled;
    });
    fiber.task.cancellation().request();
    CHECK(runtime::sleep_until(Clock::now() + 100ms) == Wake::timed_out);
    stop = true;
    fiber.wait();
    CHECK(refused >= 16);  // at once
    CHECK(refused < 100);  // then ever less often
  });
}

TEST_CASE("a refused wait that lasts a little is still signalled, or times out, if that comes first") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ParkingSpot spot;
    Wake signalled{}, timed_out{};
    OnFiber fiber(worker, [&] {
      for (int i = 0; i < 40; ++i) {  // until pauses are long
        if (spot.park_until(Clock::now() + 1h, Cut::when_cancelled) == Wake::signalled) break;
      }
      signalled = spot.park_until(Clock::now() + 1h, Cut::when_cancelled);
      timed_out = spot.park_until(Clock::now() + 1us, Cut::when_cancelled);
    });
    fiber.task.cancellation().request();
    while (!fiber.ended) {
      if (fiber.task.told > 0) spot.unpark();
      runtime::sleep_until(Clock::now() + 5ms);
    }
    CHECK((signalled == Wake::signalled || signalled == Wake::cancelled));
    CHECK((timed_out == Wake::timed_out || timed_out == Wake::cancelled));
  });
}

TEST_CASE("a call that blocks on another thread is interrupted when its task is cancelled") {
  on_worker_thread([](WorkerThread& worker) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ssize_t result = 0;
    int error = 0;
    std::atomic<bool> begun = false;
    OnFiber fiber(worker, [&] {
      worker.pools.waits.run_interruptibly([&] {
        begun = true;
        char byte;
        result = ::read(ends[0], &byte, 1);
        error = errno;
      });
    });
    while (!begun) runtime::sleep_until(Clock::now() + 1ms);
    fiber.task.cancellation().request();
    fiber.wait();
    CHECK(result == -1);
    CHECK(error == EINTR);
    ::close(ends[0]);
    ::close(ends[1]);
  });
}

TEST_CASE("what may end by itself is left alone when its task is cancelled") {
  on_worker_thread([](WorkerThread& worker) {
    std::atomic<bool> begun = false, go = false, ended = false;
    bool given_up = false;
    OnFiber fiber(worker, [&] {
      given_up = !worker.pools.names.run_until(runtime::kNever, [&begun, &go, &ended] {
        begun = true;
        go.wait(false);
        ended = true;
        return 1;
      });
    });
    while (!begun) runtime::sleep_until(Clock::now() + 1ms);
    fiber.task.cancellation().request();
    fiber.wait();
    CHECK(given_up);
    CHECK_FALSE(ended);
    go = true;
    go.notify_all();
    while (!ended) runtime::sleep_until(Clock::now() + 1ms);
  });
}
