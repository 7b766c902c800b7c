// The id by which libc knows the owner of a lock.
#pragma once

#include <unistd.h>

#include "hooks/gate.hpp"

namespace hooks {

// gettid(2) of the calling thread, without a system call for most.
inline pid_t thread_id() {
  static constinit thread_local pid_t id = 0;
  const ThreadState* const fiber = ThreadState::current();
  if (fiber && !fiber->may_wait()) return ::gettid();  // a forked child's is another than its parent's
  if (id == 0) id = ::gettid();
  return id;
}

}  // namespace hooks
