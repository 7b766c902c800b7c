// Read-write locks: pthread_rwlock_rdlock(3), pthread_rwlock_wrlock(3). Those who want to read wait at the
// lock's address, those who want to write at the next: a release wakes all of the ones and one of the others.
#include <pthread.h>

#include <climits>

#include "hooks/acquire.hpp"
#include "hooks/real.hpp"
#include "hooks/thread_id.hpp"

using namespace hooks;

namespace {

const void* readers_at(const pthread_rwlock_t* lock) { return lock; }
const void* writers_at(const pthread_rwlock_t* lock) { return reinterpret_cast<const char*>(lock) + 1; }

bool is_shared(const pthread_rwlock_t* lock) { return lock->__data.__shared != 0; }

// libc knows the writer by its thread, which is the same for all fibers. It alone writes this; others compare
// what they see with their own ids only.
int writer(const pthread_rwlock_t* lock) {
  return __atomic_load_n(&lock->__data.__cur_writer, __ATOMIC_RELAXED);
}

void set_writer(pthread_rwlock_t* lock, int id) {
  __atomic_store_n(&lock->__data.__cur_writer, id, __ATOMIC_RELAXED);
}

bool is_this_fibers(const pthread_rwlock_t* lock) {
  const ThreadState* const fiber = ThreadState::current();
  return fiber && writer(lock) == fiber->id();
}

int read_on_fiber(ThreadState& state, pthread_rwlock_t* lock, TimePoint deadline) {
  Turn::await(state, lock);
  const auto attempt = [=] { return real::pthread_rwlock_tryrdlock(lock); };
  const int result = attempt();
  if (result != EBUSY) return result;
  return wait_to_acquire(state, readers_at(lock), deadline, attempt, [=] { return is_shared(lock); });
}

int write_on_fiber(ThreadState& state, pthread_rwlock_t* lock, TimePoint deadline) {
  Turn::await(state, lock);
  const auto attempt = [=] { return real::pthread_rwlock_trywrlock(lock); };
  int result = attempt();
  if (result == EBUSY) {
    result = wait_to_acquire(state, writers_at(lock), deadline, attempt, [=] { return is_shared(lock); });
  }
  if (result == 0) set_writer(lock, state.id());
  return result;
}

bool is_valid_until(clockid_t clock, const timespec* time) {
  return (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) && time->tv_nsec >= 0 &&
         time->tv_nsec < 1'000'000'000;
}

}  // namespace

extern "C" {

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  if (is_this_fibers(lock)) return EDEADLK;
  ThreadState* const state = waiter();
  return state ? read_on_fiber(*state, lock, kNever) : real::pthread_rwlock_rdlock(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  if (is_this_fibers(lock)) return EDEADLK;
  ThreadState* const state = waiter();
  return state ? write_on_fiber(*state, lock, kNever) : real::pthread_rwlock_wrlock(lock);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  if (!is_valid_until(clock, time)) return EINVAL;
  if (is_this_fibers(lock)) return EDEADLK;
  ThreadState* const state = waiter();
  if (!state) return real::pthread_rwlock_clockrdlock(lock, clock, time);
  return read_on_fiber(*state, lock, deadline_at(clock, *time));
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock, const timespec* time) noexcept {
  if (!is_valid_until(clock, time)) return EINVAL;
  if (is_this_fibers(lock)) return EDEADLK;
  ThreadState* const state = waiter();
  if (!state) return real::pthread_rwlock_clockwrlock(lock, clock, time);
  return write_on_fiber(*state, lock, deadline_at(clock, *time));
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
  return ::pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, time);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* time) noexcept {
  return ::pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, time);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  ThreadState* const state = waiter();
  const int result = real::pthread_rwlock_tryrdlock(lock);
  if (state && result == EBUSY) state->give_way();  // to the writer, in a loop
  return result;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  ThreadState* const state = waiter();
  const int result = real::pthread_rwlock_trywrlock(lock);
  if (state && result == 0) set_writer(lock, state->id());
  if (state && result == EBUSY) state->give_way();
  return result;
}

int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  if (is_this_fibers(lock)) set_writer(lock, thread_id());
  const int result = real::pthread_rwlock_unlock(lock);
  if (wake_at(readers_at(lock), INT_MAX) + wake_at(writers_at(lock), 1) > 0) Turn::note_passed(lock);
  return result;
}

}  // extern "C"
