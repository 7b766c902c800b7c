// How a call waits for what no reactor can wait for: a real thread makes the real call while the fiber is
// suspended.
#pragma once

#include <netdb.h>

#include <cerrno>

#include "hooks/gate.hpp"
#include "runtime/offload.hpp"

namespace hooks {

// For what may wait for what another such call does. Gives what `call()` gives on a thread, with the errno
// that it leaves there. Where there is no thread for it: `failed`, with EAGAIN in errno. Once the request is
// cancelled, the call is interrupted as by a signal (signal(7)); one that heeds that fails with ECANCELED.
// [worker, may suspend]
template <typename Result, typename Call>
Result on_thread(ThreadState& state, Result failed, Call call) {
  state.waits();
  const runtime::HostCode host;
  Result result = failed;
  try {
    state.pools().waits.run_interruptibly([&] { result = call(); });
  } catch (const runtime::NoThread&) {
    errno = EAGAIN;
    return failed;
  }
  if (result == failed && errno == EINTR && is_cancelled()) errno = ECANCELED;
  return result;
}

// The same for what fails with -1.
template <typename Call>
auto on_thread(ThreadState& state, Call call) -> decltype(call()) {
  return on_thread(state, static_cast<decltype(call())>(-1), call);
}

// For what asks name servers, which can be slow, and has h_errno as well. Not interrupted.
// [worker, may suspend]
template <typename Result, typename Call>
Result on_names_thread(ThreadState& state, Result failed, Call call) {
  state.waits();
  const runtime::HostCode host;
  int name_error = h_errno;
  try {
    const Result result = state.pools().names.run([&] {
      h_errno = name_error;
      const Result given = call();
      name_error = h_errno;
      return given;
    });
    const int error = errno;
    h_errno = name_error;
    errno = error;
    return result;
  } catch (const runtime::NoThread&) {
    errno = EAGAIN;
    return failed;
  }
}

}  // namespace hooks
