#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

timespec in(clockid_t clock, std::chrono::milliseconds time) {
  timespec at{};
  ::clock_gettime(clock, &at);
  const auto nanoseconds = at.tv_nsec + std::chrono::nanoseconds(time).count();
  return {at.tv_sec + nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
}

void* sleep_and_give(void* value) {
  ::usleep(100'000);
  return value;
}

}  // namespace

TEST_CASE("a hundred requests join their threads side by side") {
  int right = 0;
  const auto time = on_request_fibers(100, [&](int) {
    pthread_t thread;
    void* result = nullptr;
    if (::pthread_create(&thread, nullptr, sleep_and_give, &right) != 0) return;
    if (::pthread_join(thread, &result) == 0 && result == &right) ++right;
  });
  CHECK(right == 100);
  CHECK(time < 2s);
}

TEST_CASE("a timed join ends at its time, and the thread can be joined after") {
  int timed = 0;
  int by_clock = 0;
  int busy = 0;
  int joined = -1;
  on_request_fibers(1, [&](int) {
    std::promise<void> go;
    pthread_t handle;
    const auto wait = [](void* promise) -> void* {
      static_cast<std::promise<void>*>(promise)->get_future().wait();
      return nullptr;
    };
    if (::pthread_create(&handle, nullptr, wait, &go) != 0) return;
    const timespec until = in(CLOCK_REALTIME, 20ms);
    timed = ::pthread_timedjoin_np(handle, nullptr, &until);
    const timespec until_monotonic = in(CLOCK_MONOTONIC, 20ms);
    by_clock = ::pthread_clockjoin_np(handle, nullptr, CLOCK_MONOTONIC, &until_monotonic);
    busy = ::pthread_tryjoin_np(handle, nullptr);
    go.set_value();
    joined = ::pthread_join(handle, nullptr);
  });
  CHECK(timed == ETIMEDOUT);
  CHECK(by_clock == ETIMEDOUT);
  CHECK(busy == EBUSY);
  CHECK(joined == 0);
}

TEST_CASE("C11 threads are joined with their result") {
  int result = 0;
  bool other_ran = false;
  bool ran_meanwhile = false;
  on_request_fibers({[&] {
                       thrd_t thread;
                       ::thrd_create(
                           &thread,
                           [](void*) {
                             ::usleep(50'000);
                             return -42;
                           },
                           nullptr);
                       ::thrd_join(thread, &result);
                       ran_meanwhile = other_ran;
                     },
                     [&] { other_ran = true; }});
  CHECK(result == -42);
  CHECK(ran_meanwhile);
}
