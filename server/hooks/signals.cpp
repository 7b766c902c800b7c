// Waiting for signals: sigwait(3), sigwaitinfo(2), sigtimedwait(2), pause(2), sigsuspend(2).
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// Without the server's own, which ends such a wait when the request is cancelled.
sigset_t without_interrupt(sigset_t signals) {
  ::sigdelset(&signals, runtime::interrupt_signal());
  return signals;
}

// Makes a call that waits for signals on another thread, which for the while blocks what `blocked` has.
template <typename Call>
int with_mask(ThreadState& state, const sigset_t& blocked, Call call) {
  const sigset_t mask = without_interrupt(blocked);
  return on_thread(state, -1, [&] {
    sigset_t before;
    real::pthread_sigmask(SIG_SETMASK, &mask, &before);
    const int result = call();
    const int error = errno;
    real::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return result;
  });
}

// What has come is taken at once, be it for the process or for the worker's thread alone.
int wait_for_one(ThreadState& state, const sigset_t& asked_for, siginfo_t* info, const timespec* limit) {
  const sigset_t signals = without_interrupt(asked_for);
  constexpr timespec kNoTime{0, 0};
  const int error_before = errno;
  const int come = real::sigtimedwait(&signals, info, &kNoTime);
  if (come != -1 || errno != EAGAIN) return come;
  if (limit && limit->tv_sec == 0 && limit->tv_nsec == 0) return come;
  errno = error_before;
  sigset_t mask;
  ::sigorset(&mask, &state.settings().mask(), &signals);
  return with_mask(state, mask, [&] { return real::sigtimedwait(&signals, info, limit); });
}

}  // namespace

extern "C" {

int sigtimedwait(const sigset_t* signals, siginfo_t* info, const timespec* limit) {
  ThreadState* const state = waiter();
  return state ? wait_for_one(*state, *signals, info, limit) : real::sigtimedwait(signals, info, limit);
}

int sigwaitinfo(const sigset_t* signals, siginfo_t* info) { return ::sigtimedwait(signals, info, nullptr); }

int sigwait(const sigset_t* signals, int* signal) {
  ThreadState* const state = waiter();
  if (!state) return real::sigwait(signals, signal);
  const int error_before = errno;
  int result;
  do {
    result = wait_for_one(*state, *signals, nullptr, nullptr);
  } while (result == -1 && errno == EINTR);
  if (result == -1) return errno;
  errno = error_before;
  *signal = result;
  return 0;
}

int pause() {
  ThreadState* const state = waiter();
  if (!state) return real::pause();
  return with_mask(*state, state->settings().mask(), [] { return real::pause(); });
}

int sigsuspend(const sigset_t* mask) {
  ThreadState* const state = waiter();
  if (!state) return real::sigsuspend(mask);
  return with_mask(*state, *mask, [&] {
    const sigset_t open = without_interrupt(*mask);
    return real::sigsuspend(&open);
  });
}

}  // extern "C"
