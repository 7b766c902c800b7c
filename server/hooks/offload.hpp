// Calls that only a real thread can wait in: the fiber waits for the thread.
#pragma once

#include <cerrno>
#include <system_error>
#include <thread>

#include "hooks/gate.hpp"
#include "runtime/remote_wake.hpp"

namespace hooks {

// Runs `call`, which is a system call by its form, on another thread, and gives its result and errno. -1 with
// EAGAIN where there is no thread to be had. [worker, may suspend]
template <typename Call>
auto on_thread(ThreadState& state, Call call) -> decltype(call()) {
  state.waits();
  const runtime::HostCode host;
  runtime::RemoteWake done(state.reactor());
  decltype(call()) result{};
  int error = errno;
  try {
    std::thread([&] {
      errno = error;
      result = call();
      error = errno;
      done.wake();
    }).detach();
  } catch (const std::system_error&) {
    errno = EAGAIN;
    return -1;
  }
  done.wait_until();
  errno = error;
  return result;
}

}  // namespace hooks
