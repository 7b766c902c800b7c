// What each hook asks first: on whose behalf it is called. The hooks are the executable's own definitions of
// libc's names, which the dynamic linker finds before libc's (ld.so(8), symbol resolution order): so every
// call of every library comes here, on any thread of the master too, and goes on to the real function unless
// a request's plugin code is what calls.
#pragma once

#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"

namespace hooks {

using runtime::ThreadState;

// The fiber to suspend, or null where the call is to block as it always does.
inline ThreadState* waiter() noexcept {
  ThreadState* const state = ThreadState::active();
  return state && state->may_wait() ? state : nullptr;
}

// Whether the request that calls has been cancelled, and heeds it. What waits then fails with ECANCELED, if
// it is one of POSIX's cancellation points (System Interfaces, section 2.9.5.2): locks are none, as nobody
// who takes one looks whether he has got it.
inline bool is_cancelled() noexcept {
  const runtime::Task* const task = runtime::Task::current();
  return task && task->cancellation().cuts_waits();
}

}  // namespace hooks
