#include <sched.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

constexpr timespec kTenth{0, 100'000'000};

timespec now_and_a_tenth(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  time.tv_nsec += kTenth.tv_nsec;
  if (time.tv_nsec >= 1'000'000'000) {
    time.tv_nsec -= 1'000'000'000;
    ++time.tv_sec;
  }
  return time;
}

// A hundred of them take as long as one, and none is shorter than it should be.
void check_side_by_side(const std::function<int()>& sleep_a_tenth, runtime::Duration each = 100ms) {
  int failed = 0;
  int early = 0;
  const auto time = on_request_fibers(100, [&](int) {
    const auto start = runtime::Clock::now();
    if (sleep_a_tenth() != 0) ++failed;
    if (runtime::Clock::now() - start < each) ++early;
  });
  CHECK(failed == 0);
  CHECK(early == 0);
  CHECK(time < 20 * each);
}

}  // namespace

TEST_CASE("sleeps of every kind are slept side by side") {
  SECTION("sleep") {
    check_side_by_side([] { return static_cast<int>(::sleep(1)); }, 1s);
  }
  SECTION("usleep") {
    check_side_by_side([] { return ::usleep(100'000); });
  }
  SECTION("nanosleep") {
    check_side_by_side([] { return ::nanosleep(&kTenth, nullptr); });
  }
  SECTION("thrd_sleep") {
    check_side_by_side([] { return ::thrd_sleep(&kTenth, nullptr); });
  }
  SECTION("std::this_thread::sleep_for") {
    check_side_by_side([] {
      std::this_thread::sleep_for(100ms);
      return 0;
    });
  }
  SECTION("clock_nanosleep, by each clock, from now and until a time") {
    const clockid_t clock = GENERATE(CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME);
    check_side_by_side([clock] { return ::clock_nanosleep(clock, 0, &kTenth, nullptr); });
    check_side_by_side(
        [clock] {
          const timespec until = now_and_a_tenth(clock);
          return ::clock_nanosleep(clock, TIMER_ABSTIME, &until, nullptr);
        },
        99ms);  // CLOCK_REALTIME may be slewed
  }
}

TEST_CASE("what is no time to sleep is refused as the kernel refuses it") {
  const timespec negative{-1, 0};
  const timespec too_many{0, 1'000'000'000};
  int results[4] = {};
  int error = 0;
  on_request_fibers(1, [&](int) {
    results[0] = ::nanosleep(&negative, nullptr);
    error = errno;
    results[1] = ::nanosleep(&too_many, nullptr);
    results[2] = ::clock_nanosleep(CLOCK_MONOTONIC, 0, &negative, nullptr);
    results[3] = ::thrd_sleep(&too_many, nullptr);
  });
  CHECK(results[0] == -1);
  CHECK(error == EINVAL);
  CHECK(results[1] == -1);
  CHECK(results[2] == EINVAL);
  CHECK(results[3] < -1);
}

TEST_CASE("a loop over sched_yield lets the others go on") {
  bool done = false;
  on_request_fibers({[&] {
                       while (!done) ::sched_yield();
                     },
                     [&] {
                       ::usleep(1'000);
                       done = true;
                     }});
  CHECK(done);
}

TEST_CASE("outside a request's fiber a sleep is the real one") {
  bool other_ran = false;
  on_worker_thread([&](WorkerThread& worker) {
    runtime::spawn(worker.stacks, [&] { other_ran = true; });
    ::usleep(1'000);
    CHECK_FALSE(other_ran);
    runtime::yield();
  });
  CHECK(other_ran);
}
