// Barriers: pthread_barrier_wait(3). There is no way to try one: a thread waits there in the fiber's place,
// so that fibers and threads count alike.
#include <pthread.h>

#include "hooks/offload.hpp"
#include "hooks/real.hpp"

using namespace hooks;

extern "C" {

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  ThreadState* const state = waiter();
  if (!state) return real::pthread_barrier_wait(barrier);
  int result = EAGAIN;  // where there is no thread
  on_thread(*state, [&] {
    result = real::pthread_barrier_wait(barrier);
    return 0;
  });
  return result;
}

}  // extern "C"
