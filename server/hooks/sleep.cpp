// Sleeping, and giving way: nanosleep(2), clock_nanosleep(2), sleep(3), usleep(3), thrd_sleep(3).
#include <cerrno>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "hooks/real.hpp"
#include "runtime/parking.hpp"

namespace {

using namespace hooks;

// Nothing wakes a fiber early: a handler of a signal runs whichever fiber it interrupts.
void sleep_until(ThreadState& state, TimePoint deadline) {
  state.waits();
  runtime::sleep_until(deadline);
}

}  // namespace

extern "C" {

unsigned int sleep(unsigned int seconds) {
  ThreadState* const state = waiter();
  if (!state) return real::sleep(seconds);
  sleep_until(*state, deadline_in({static_cast<time_t>(seconds), 0}));
  return 0;
}

int usleep(useconds_t microseconds) {
  ThreadState* const state = waiter();
  if (!state) return real::usleep(microseconds);
  sleep_until(*state, deadline_in({microseconds / 1'000'000, microseconds % 1'000'000 * 1'000L}));
  return 0;
}

int nanosleep(const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  if (!state) return real::nanosleep(time, left);
  if (!is_valid(*time)) {
    errno = EINVAL;
    return -1;
  }
  sleep_until(*state, deadline_in(*time));
  return 0;
}

// The one of them that returns its error.
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  // What has used CPU time is not for the reactor to tell.
  if (!state || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)) {
    return real::clock_nanosleep(clock, flags, time, left);
  }
  if (!is_valid(*time)) return EINVAL;
  sleep_until(*state, flags & TIMER_ABSTIME ? deadline_at(clock, *time) : deadline_in(*time));
  return 0;
}

int thrd_sleep(const timespec* time, timespec* left) {
  ThreadState* const state = waiter();
  if (!state) return real::thrd_sleep(time, left);
  if (!is_valid(*time)) return -2;
  sleep_until(*state, deadline_in(*time));
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
