// A POSIX mutex as a fiber takes it and gives it back. Of glibc's pthread_mutex_t this relies on what its
// static initialisers have made part of its ABI: __kind, __count and __owner.
#pragma once

#include <pthread.h>

#include "hooks/acquire.hpp"
#include "hooks/real.hpp"

namespace hooks {

// Whether it is of a kind that knows its owner, recursive or error-checking: libc takes the owner for a
// thread, and all fibers of a worker for the same. Robust mutexes and those with a priority protocol, which
// the kernel knows the owner of, are left to libc.
inline bool knows_owner(const pthread_mutex_t* mutex) noexcept {
  constexpr int kType = 3;
  constexpr int kRobustOrPriority = 16 | 32 | 64;
  const int kind = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) & (kType | kRobustOrPriority);
  return kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK;
}

// For those: pthread_mutex_lock(3), but EBUSY where it would wait; pthread_mutex_trylock(3);
// pthread_mutex_unlock(3). `state` is null where the gate is closed. [any thread]
int lock_if_free(ThreadState* state, pthread_mutex_t* mutex) noexcept;
int try_lock_owned(ThreadState* state, pthread_mutex_t* mutex) noexcept;
int unlock_owned(ThreadState* state, pthread_mutex_t* mutex) noexcept;

// Suspends the fiber until it has the mutex or the deadline passes: as pthread_mutex_timedlock(3).
// [worker, may suspend]
int wait_for_mutex(ThreadState& state, pthread_mutex_t* mutex, TimePoint deadline) noexcept;

// As pthread_mutex_lock(3) on a fiber. [worker, may suspend]
inline int lock(ThreadState& state, pthread_mutex_t* mutex) noexcept {
  Turn::await(state, mutex);
  const int result = knows_owner(mutex) ? lock_if_free(&state, mutex) : real::pthread_mutex_trylock(mutex);
  return result == EBUSY ? wait_for_mutex(state, mutex, kNever) : result;
}

// As pthread_mutex_unlock(3). [any thread]
inline int unlock(ThreadState* state, pthread_mutex_t* mutex) noexcept {
  if (knows_owner(mutex)) return unlock_owned(state, mutex);
  const int result = real::pthread_mutex_unlock(mutex);
  Turn::pass(mutex);  // by its address alone: another thread may have destroyed it by now
  return result;
}

}  // namespace hooks
