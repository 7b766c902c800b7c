// A request that forks: fork(2), vfork(2), and the end of its child by exit(3).
#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "hooks/gate.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// No child of a worker has a reactor, whichever thread has forked it. One of the worker's thread has its
// fiber's place in the program and its identity; and what a program may expect of its signals: not blocked
// beyond what the request has blocked itself, nor SIGPIPE ignored, as the worker has it.
void in_child() {
  if (ThreadState::worker_thread() == 0) return;
  ThreadState::note_forked();
  if (real::pthread_self() != ThreadState::worker_thread()) return;
  sigset_t mask;
  ::sigemptyset(&mask);
  if (ThreadState* const state = ThreadState::active()) mask = state->settings().mask();
  struct sigaction action;
  ::sigaction(SIGPIPE, nullptr, &action);
  if (action.sa_handler == SIG_IGN) ::signal(SIGPIPE, SIG_DFL);
  real::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

[[gnu::constructor]] void hear_of_forks() { ::pthread_atfork(nullptr, nullptr, in_child); }

}  // namespace

extern "C" {

// A child of vfork has the parent's memory: the hooks that it calls, close(2) first of all, would change what
// the worker knows of its descriptors. What vfork(2) promises, fork(2) keeps. And no function can stand in
// front of the real one, which returns twice to the same frame.
pid_t vfork() noexcept { return ::fork(); }
pid_t __vfork() noexcept { return ::fork(); }

// The child has the worker's exit handlers, and the stacks of fibers that will never run again.
void exit(int status) {
  if (!ThreadState::in_forked_child()) real::exit(status);
  std::fflush(nullptr);
  ::_exit(status);
}

}  // extern "C"
