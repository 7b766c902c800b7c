// Waiting for real threads to end: pthread_join(3), thrd_join(3). A request's own fiber is as a thread that
// is detached.
#include <cerrno>

#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

int refuse_fiber(pthread_t thread) { return pthread_equal(thread, ::pthread_self()) ? EDEADLK : EINVAL; }

// Has the real thread joined by `join()`, unless it has ended already.
template <typename Join>
int joined(ThreadState& state, pthread_t thread, void** result, Join join) {
  const int at_once = real::pthread_tryjoin_np(thread, result);
  return at_once == EBUSY ? on_thread(state, EAGAIN, join) : at_once;
}

}  // namespace

extern "C" {

int pthread_join(pthread_t thread, void** result) {
  if (ThreadState::is_fiber(thread)) return refuse_fiber(thread);
  ThreadState* const state = waiter();
  if (!state) return real::pthread_join(thread, result);
  return joined(*state, thread, result, [=] { return real::pthread_join(thread, result); });
}

int pthread_tryjoin_np(pthread_t thread, void** result) noexcept {
  return ThreadState::is_fiber(thread) ? refuse_fiber(thread) : real::pthread_tryjoin_np(thread, result);
}

int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
  if (ThreadState::is_fiber(thread)) return refuse_fiber(thread);
  ThreadState* const state = waiter();
  if (!state) return real::pthread_timedjoin_np(thread, result, until);
  return joined(*state, thread, result, [=] { return real::pthread_timedjoin_np(thread, result, until); });
}

int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  if (ThreadState::is_fiber(thread)) return refuse_fiber(thread);
  ThreadState* const state = waiter();
  if (!state) return real::pthread_clockjoin_np(thread, result, clock, until);
  return joined(*state, thread, result,
                [=] { return real::pthread_clockjoin_np(thread, result, clock, until); });
}

int thrd_join(thrd_t thread, int* result) {
  void* value = nullptr;
  if (::pthread_join(thread, &value) != 0) return thrd_error;
  if (result) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
  return thrd_success;
}

}  // extern "C"
