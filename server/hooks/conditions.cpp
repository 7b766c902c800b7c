// Condition variables: pthread_cond_wait(3) and its kin, and those of C11, cnd_wait(3). A fiber waits at the
// condition's address, a real thread in libc: a signal goes to one of each, as more may wake than one.
#include <algorithm>
#include <chrono>
#include <climits>

#include "hooks/c11.hpp"
#include "hooks/mutex.hpp"

using namespace hooks;

namespace {

// What glibc's pthread_cond_t tells of its attributes, in bits that it has not moved since 2.25: the clock of
// pthread_condattr_setclock(3), and whether other processes share it.
clockid_t clock_of(const pthread_cond_t* condition) {
  constexpr unsigned kMonotonic = 2;
  return __atomic_load_n(&condition->__data.__wrefs, __ATOMIC_RELAXED) & kMonotonic ? CLOCK_MONOTONIC
                                                                                    : CLOCK_REALTIME;
}

bool is_shared(const pthread_cond_t* condition) {
  return __atomic_load_n(&condition->__data.__wrefs, __ATOMIC_RELAXED) & 1;
}

int wait_on_fiber(ThreadState& state, pthread_cond_t* condition, pthread_mutex_t* mutex, TimePoint deadline) {
  // Another process signals unseen: wake without cause now and then, as a condition may.
  constexpr auto kInterval = std::chrono::milliseconds(10);
  const TimePoint look = is_shared(condition) ? Clock::now() + kInterval : kNever;
  state.waits();
  int result = 0;
  {
    AddressWait wait(state.reactor(), condition);  // before another can have the mutex, and signal
    const int error = unlock(&state, mutex);
    if (error != 0) return error;
    const auto wake = wait.wait_until(std::min(look, deadline), runtime::Cut::when_cancelled);
    if (wake == runtime::Wake::cancelled) result = ECANCELED;
    if (wake == runtime::Wake::timed_out && deadline <= look) result = ETIMEDOUT;
  }
  const int error = lock(state, mutex);
  return error != 0 ? error : result;
}

int wait_on_fiber(ThreadState& state, pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                  const timespec& time) {
  if (time.tv_nsec < 0 || time.tv_nsec >= 1'000'000'000) return EINVAL;
  return wait_on_fiber(state, condition, mutex, deadline_at(clock, time));
}

}  // namespace

extern "C" {

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  ThreadState* const state = waiter();
  if (!state) return real::pthread_cond_wait(condition, mutex);
  return wait_on_fiber(*state, condition, mutex, kNever);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* time) {
  ThreadState* const state = waiter();
  if (!state) return real::pthread_cond_timedwait(condition, mutex, time);
  return wait_on_fiber(*state, condition, mutex, clock_of(condition), *time);
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* time) {
  ThreadState* const state = waiter();
  if (!state || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
    return real::pthread_cond_clockwait(condition, mutex, clock, time);
  }
  return wait_on_fiber(*state, condition, mutex, clock, *time);
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  const int result = real::pthread_cond_signal(condition);
  wake_at(condition, 1);
  return result;
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  const int result = real::pthread_cond_broadcast(condition);
  wake_at(condition, INT_MAX);
  return result;
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return c11_result(::pthread_cond_wait(posix(condition), posix(mutex)));
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* time) {
  return c11_result(::pthread_cond_timedwait(posix(condition), posix(mutex), time));
}

int cnd_signal(cnd_t* condition) { return c11_result(::pthread_cond_signal(posix(condition))); }

int cnd_broadcast(cnd_t* condition) { return c11_result(::pthread_cond_broadcast(posix(condition))); }

}  // extern "C"
