// Mutexes: pthread_mutex_lock(3) and its kin, and those of C11, mtx_lock(3).
//
// A lock that is free is taken without a look whether to give way: whoever holds one lock and gives the
// thread up for the next makes the others wait, and the host's own code, which can't, where it is an
// allocator's.
#include "hooks/c11.hpp"
#include "hooks/mutex.hpp"

using namespace hooks;

namespace {

// What knows its owner, on a thread or in the host: the wait is the thread's.
[[gnu::cold]] int lock_as_thread(pthread_mutex_t* mutex) noexcept {
  const int result = lock_if_free(nullptr, mutex);
  return result == EBUSY ? real::pthread_mutex_lock(mutex) : result;
}

bool is_lock_clock(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC; }

int lock_until(ThreadState& state, pthread_mutex_t* mutex, clockid_t clock, const timespec* time) noexcept {
  Turn::await(state, mutex);
  const int result = knows_owner(mutex) ? lock_if_free(&state, mutex) : real::pthread_mutex_trylock(mutex);
  if (result != EBUSY) return result;
  if (time->tv_nsec < 0 || time->tv_nsec >= 1'000'000'000) return EINVAL;
  return wait_for_mutex(state, mutex, deadline_at(clock, *time));
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  ThreadState* const state = waiter();
  if (state) return lock(*state, mutex);
  return knows_owner(mutex) ? lock_as_thread(mutex) : real::pthread_mutex_lock(mutex);
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  ThreadState* const state = waiter();
  const int result = knows_owner(mutex) ? try_lock_owned(state, mutex) : real::pthread_mutex_trylock(mutex);
  if (state && result == EBUSY) state->give_way();  // to the holder, in a loop
  return result;
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) noexcept {
  ThreadState* const state = waiter();
  if (state) return lock_until(*state, mutex, CLOCK_REALTIME, time);
  const int result = knows_owner(mutex) ? lock_if_free(nullptr, mutex) : EBUSY;
  return result == EBUSY ? real::pthread_mutex_timedlock(mutex, time) : result;
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) noexcept {
  ThreadState* const state = waiter();
  if (state && is_lock_clock(clock)) return lock_until(*state, mutex, clock, time);
  const int result = is_lock_clock(clock) && knows_owner(mutex) ? lock_if_free(nullptr, mutex) : EBUSY;
  return result == EBUSY ? real::pthread_mutex_clocklock(mutex, clock, time) : result;
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept { return unlock(waiter(), mutex); }

int mtx_lock(mtx_t* mutex) { return c11_result(::pthread_mutex_lock(posix(mutex))); }

int mtx_trylock(mtx_t* mutex) { return c11_result(::pthread_mutex_trylock(posix(mutex))); }

int mtx_timedlock(mtx_t* mutex, const timespec* time) {
  return c11_result(::pthread_mutex_timedlock(posix(mutex), time));
}

int mtx_unlock(mtx_t* mutex) { return c11_result(::pthread_mutex_unlock(posix(mutex))); }

}  // extern "C"
