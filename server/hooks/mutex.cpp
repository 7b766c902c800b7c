#include "hooks/mutex.hpp"

#include "hooks/thread_id.hpp"

namespace hooks {
namespace {

int owner(const pthread_mutex_t* mutex) { return __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED); }

// Other threads compare what they see with their own ids only.
void set_owner(pthread_mutex_t* mutex, int id) {
  __atomic_store_n(&mutex->__data.__owner, id, __ATOMIC_RELAXED);
}

// Calls what libc allows the owner, while it takes the fiber's thread for the owner. In a forked child, which
// has no other fibers, it stays so.
template <typename Call>
int as_owner(const ThreadState& fiber, pthread_mutex_t* mutex, Call call) {
  set_owner(mutex, thread_id());
  const int result = call(mutex);
  if (fiber.may_wait()) set_owner(mutex, fiber.id());
  return result;
}

// Made by a fiber that isn't the owner.
int take(ThreadState* state, pthread_mutex_t* mutex) {
  if (!state) return real::pthread_mutex_trylock(mutex);
  if (owner(mutex) == thread_id()) return EBUSY;  // by code of this thread that runs on no request's fiber
  const int result = real::pthread_mutex_trylock(mutex);
  if (result == 0) set_owner(mutex, state->id());
  return result;
}

// Where a thread waits for a condition, libc gives its mutex back unseen; so does another process, whose
// threads may have the ids of ours in a namespace of its own, and the death of a robust one's owner.
bool is_released_unseen(const pthread_mutex_t* mutex) {
  constexpr int kShared = 128;
  if (__atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) & kShared) return true;
  const int held_by = owner(mutex);
  return held_by != thread_id() && !ThreadState::is_fiber_id(held_by);
}

}  // namespace

int lock_if_free(ThreadState* state, pthread_mutex_t* mutex) noexcept {
  const ThreadState* const fiber = ThreadState::current();
  if (fiber && owner(mutex) == fiber->id()) return as_owner(*fiber, mutex, real::pthread_mutex_lock);
  return take(state, mutex);
}

int try_lock_owned(ThreadState* state, pthread_mutex_t* mutex) noexcept {
  const ThreadState* const fiber = ThreadState::current();
  if (fiber && owner(mutex) == fiber->id()) return as_owner(*fiber, mutex, real::pthread_mutex_trylock);
  return take(state, mutex);
}

int unlock_owned(ThreadState* state, pthread_mutex_t* mutex) noexcept {
  const ThreadState* const fiber = ThreadState::current();
  if (fiber && owner(mutex) == fiber->id()) {
    if (mutex->__data.__count > 1) return as_owner(*fiber, mutex, real::pthread_mutex_unlock);
    set_owner(mutex, thread_id());
  } else if (state && owner(mutex) == thread_id()) {
    return EPERM;
  }
  const int result = real::pthread_mutex_unlock(mutex);
  Turn::pass(mutex);
  return result;
}

int wait_for_mutex(ThreadState& state, pthread_mutex_t* mutex, TimePoint deadline) noexcept {
  const bool owned = knows_owner(mutex);
  return wait_to_acquire(
      state, mutex, deadline,
      [&] { return owned ? take(&state, mutex) : real::pthread_mutex_trylock(mutex); },
      [&] { return is_released_unseen(mutex); });
}

}  // namespace hooks
