// Spin locks: pthread_spin_lock(3). Who holds one gives it back in a moment, if it is another thread; if it
// is a fiber that waits, then when it goes on. Their release isn't hooked: it is a single store, and to see
// it would cost more than all the rest.
#include <pthread.h>

#include "hooks/acquire.hpp"
#include "hooks/real.hpp"

using namespace hooks;

extern "C" {

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  constexpr int kTurns = 64;
  ThreadState* const state = waiter();
  if (!state) return real::pthread_spin_lock(lock);
  for (int turn = 0; turn < kTurns; ++turn) {
    if (real::pthread_spin_trylock(lock) == 0) return 0;
    state->waits();
    runtime::yield();
  }
  Intervals intervals;
  while (real::pthread_spin_trylock(lock) != 0) runtime::sleep_until(intervals.next());
  return 0;
}

int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  ThreadState* const state = waiter();
  const int result = real::pthread_spin_trylock(lock);
  if (state && result != 0) state->give_way();  // to the holder, in a loop
  return result;
}

}  // extern "C"
