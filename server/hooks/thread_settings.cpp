// A thread's locale, signal mask and cancelability, of which each request's fiber has its own: uselocale(3),
// pthread_sigmask(3), sigprocmask(2), pthread_setcancelstate(3).
#include <cerrno>

#include "hooks/gate.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

int change_mask(ThreadState& state, int how, const sigset_t* change, sigset_t* before) {
  const runtime::HostCode host;
  return state.settings().change_mask(how, change, before);
}

}  // namespace

extern "C" {

locale_t uselocale(locale_t locale) noexcept {
  ThreadState* const state = waiter();
  if (!state || !locale) return real::uselocale(locale);
  const runtime::HostCode host;
  return state->settings().use_locale(locale);
}

int pthread_sigmask(int how, const sigset_t* change, sigset_t* before) noexcept {
  ThreadState* const state = waiter();
  return state ? change_mask(*state, how, change, before) : real::pthread_sigmask(how, change, before);
}

int sigprocmask(int how, const sigset_t* change, sigset_t* before) noexcept {
  ThreadState* const state = waiter();
  if (!state) return real::sigprocmask(how, change, before);
  const int error = change_mask(*state, how, change, before);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

// Whether the request's cancellation ends what it waits in.
int pthread_setcancelstate(int wanted, int* before) {
  runtime::Task* const task = waiter() ? runtime::Task::current() : nullptr;
  if (!task) return real::pthread_setcancelstate(wanted, before);
  if (wanted != PTHREAD_CANCEL_ENABLE && wanted != PTHREAD_CANCEL_DISABLE) return EINVAL;
  const bool enabled = task->cancellation().exchange_enabled(wanted == PTHREAD_CANCEL_ENABLE);
  if (before) *before = enabled ? PTHREAD_CANCEL_ENABLE : PTHREAD_CANCEL_DISABLE;
  return 0;
}

}  // extern "C"
