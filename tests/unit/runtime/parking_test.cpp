#include "runtime/parking.hpp"

#include <cerrno>
#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

TEST_CASE("sleepers wake in the order of their deadlines, and wait side by side") {
  on_worker_thread([](WorkerThread& worker) {
    std::string order;
    const auto start = runtime::Clock::now();
    const auto sleeper = [&](char name, runtime::Duration time) {
      runtime::spawn(worker.stacks, [&order, start, name, time] {
        runtime::sleep_until(start + time);
        order += name;
      });
    };
    sleeper('c', 60ms);
    sleeper('a', 20ms);
    sleeper('b', 40ms);
    runtime::sleep_until(start + 80ms);
    CHECK(order == "abc");
    CHECK(runtime::Clock::now() >= start + 80ms);
  });
}

TEST_CASE("a deadline that has passed does not suspend") {
  on_worker_thread([](WorkerThread& worker) {
    bool other_ran = false;
    runtime::spawn(worker.stacks, [&] { other_ran = true; });
    runtime::sleep_until(runtime::Clock::now() - 1s);
    CHECK_FALSE(other_ran);
    runtime::yield();
    CHECK(other_ran);
  });
}

TEST_CASE("a parked fiber tells a signal from a deadline") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::ParkingSpot spot;
    runtime::spawn(worker.stacks, [&] { spot.unpark(); });
    CHECK(spot.park_until(runtime::Clock::now() + 10s) == runtime::Wake::signalled);
    CHECK(spot.park_until(runtime::Clock::now() + 1ms) == runtime::Wake::timed_out);
    CHECK_FALSE(spot.occupied());
  });
}

TEST_CASE("a signal to an empty spot is not kept") {
  on_worker_thread([](WorkerThread&) {
    runtime::ParkingSpot spot;
    spot.unpark();
    CHECK(spot.park_until(runtime::Clock::now() + 1ms) == runtime::Wake::timed_out);
  });
}

TEST_CASE("after a wait or a yield a fiber finds errno as it has left it") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::spawn(worker.stacks, [] {
      for (int i = 0; i < 3; ++i) {
        errno = ENOTEMPTY;
        runtime::yield();
      }
    });
    errno = EXDEV;
    runtime::yield();
    CHECK(errno == EXDEV);
    runtime::sleep_until(runtime::Clock::now() + 1ms);
    CHECK(errno == EXDEV);
  });
}

TEST_CASE("a fiber that waits inside a catch block rethrows its own exception") {
  on_worker_thread([](WorkerThread& worker) {
    constexpr int kFibers = 50;
    int right = 0;
    const auto wake = runtime::Clock::now() + 20ms;
    for (int i = 0; i < kFibers; ++i) {
      runtime::spawn(worker.stacks, [&right, wake, i] {
        try {
          try {
            throw std::runtime_error(std::to_string(i));
          } catch (const std::runtime_error&) {
            runtime::sleep_until(wake + (i % 7) * 1ms);
            throw;
          }
        } catch (const std::runtime_error& error) {
          right += error.what() == std::to_string(i);
        }
      });
    }
    runtime::sleep_until(wake + 50ms);
    CHECK(right == kFibers);
    CHECK(std::current_exception() == nullptr);
  });
}

TEST_CASE("fibers that only ever yield do not keep a sleeper from waking") {
  on_worker_thread([](WorkerThread& worker) {
    bool stop = false;
    int running = 2;
    for (int i = 0; i < 2; ++i) {
      runtime::spawn(worker.stacks, [&] {
        while (!stop) runtime::yield();
        --running;
      });
    }
    runtime::sleep_until(runtime::Clock::now() + 5ms);
    stop = true;
    while (running > 0) runtime::yield();
    SUCCEED("the sleeper woke");
  });
}
