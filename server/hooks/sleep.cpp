// Sleeping, and giving way: nanosleep(2), clock_nanosleep(2), sleep(3), usleep(3), thrd_sleep(3).
#include <cerrno>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "hooks/real.hpp"
#include "runtime/parking.hpp"

namespace {

using namespace hooks;

// Nothing wakes a fiber early but the cancellation of its request: a handler of a signal runs whichever fiber
// it interrupts. 0, or ECANCELED with the time that is left, where that is asked for.
int sleep_until(ThreadState& state, TimePoint deadline, timespec* left = nullptr) {
  state.waits();
  if (runtime::sleep_until(deadline) != runtime::Wake::cancelled) return 0;
  if (left) *left = left_until(deadline);
  return ECANCELED;
}

// For those that say in errno how it went.
int failed_with(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

}  // namespace

extern "C" {

unsigned int sleep(unsigned int seconds) {
  ThreadState* const state = waiter();
  if (!state) return real::sleep(seconds);
  timespec left{};
  failed_with(sleep_until(*state, deadline_in({static_cast<time_t>(seconds), 0}), &left));
  return static_cast<unsigned>(left.tv_sec + (left.tv_nsec > 0));
}

int usleep(useconds_t microseconds) {
  ThreadState* const state = waiter();
  if (!state) return real::usleep(microseconds);
  return failed_with(
      sleep_until(*state, deadline_in({microseconds / 1'000'000, microseconds % 1'000'000 * 1'000L})));
}

int nanosleep(const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  if (!state) return real::nanosleep(time, left);
  return failed_with(is_valid(*time) ? sleep_until(*state, deadline_in(*time), left) : EINVAL);
}

// The one of them that returns its error.
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  // What has used CPU time is not for the reactor to tell.
  if (!state || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)) {
    return real::clock_nanosleep(clock, flags, time, left);
  }
  if (!is_valid(*time)) return EINVAL;
  if (flags & TIMER_ABSTIME) return sleep_until(*state, deadline_at(clock, *time));
  return sleep_until(*state, deadline_in(*time), left);
}

int thrd_sleep(const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  if (!state) return real::thrd_sleep(time, left);
  if (!is_valid(*time) || sleep_until(*state, deadline_in(*time), left) != 0) return -2;
  return 0;
}

int sched_yield() noexcept {
  ThreadState* const state = waiter();
  if (!state) return real::sched_yield();
  state->waits();
  runtime::yield();
  return 0;
}

void thrd_yield() {
  ThreadState* const state = waiter();
  if (!state) return real::thrd_yield();
  state->waits();
  runtime::yield();
}

}  // extern "C"
