// Semaphores: sem_wait(3), sem_timedwait(3), sem_post(3).
#include <semaphore.h>

#include "hooks/acquire.hpp"
#include "hooks/real.hpp"

using namespace hooks;

namespace {

// glibc's sem_t: its value in 64 bits, and then whether other processes share it, whose sem_post() is unseen.
bool is_shared(const sem_t* semaphore) {
  struct Layout {
    unsigned long value;
    int shared;
  };
  static_assert(sizeof(Layout) <= sizeof(sem_t));
  return reinterpret_cast<const Layout*>(semaphore)->shared != 0;
}

// As with the hooks of mutexes, what is free is taken without a look whether to give way.
int wait_on_fiber(ThreadState& state, sem_t* semaphore, TimePoint deadline) {
  const int error_before = errno;
  Turn::await(state, semaphore);
  const auto attempt = [&] {
    if (real::sem_trywait(semaphore) == 0) return 0;
    return errno == EAGAIN ? EBUSY : errno;
  };
  int result = attempt();
  if (result == EBUSY) {
    result = wait_to_acquire(
        state, semaphore, deadline, attempt, [&] { return is_shared(semaphore); },
        runtime::Cut::when_cancelled);
  }
  errno = result == 0 ? error_before : result;
  return result == 0 ? 0 : -1;
}

int wait_on_fiber(ThreadState& state, sem_t* semaphore, clockid_t clock, const timespec& time) {
  if (time.tv_nsec < 0 || time.tv_nsec >= 1'000'000'000) {
    errno = EINVAL;
    return -1;
  }
  return wait_on_fiber(state, semaphore, deadline_at(clock, time));
}

}  // namespace

extern "C" {

int sem_wait(sem_t* semaphore) {
  ThreadState* const state = waiter();
  return state ? wait_on_fiber(*state, semaphore, kNever) : real::sem_wait(semaphore);
}

int sem_timedwait(sem_t* semaphore, const timespec* time) {
  ThreadState* const state = waiter();
  if (!state) return real::sem_timedwait(semaphore, time);
  return wait_on_fiber(*state, semaphore, CLOCK_REALTIME, *time);
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  ThreadState* const state = waiter();
  if (!state || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)) {
    return real::sem_clockwait(semaphore, clock, time);
  }
  return wait_on_fiber(*state, semaphore, clock, *time);
}

int sem_trywait(sem_t* semaphore) noexcept {
  ThreadState* const state = waiter();
  const int result = real::sem_trywait(semaphore);
  if (state && result != 0) state->give_way();  // to who will post, in a loop; errno stays the fiber's
  return result;
}

int sem_post(sem_t* semaphore) noexcept {
  const int result = real::sem_post(semaphore);
  Turn::pass(semaphore);
  return result;
}

}  // extern "C"
