// How a call waits for what no reactor can wait for: a real thread makes the real call while the fiber is
// suspended.
#pragma once

#include <netdb.h>

#include <cerrno>

#include "hooks/gate.hpp"
#include "runtime/offload.hpp"

namespace hooks {

// Gives what `call()` gives on a thread of the pool, with the errno and h_errno that it leaves there. Where
// there is no thread for it: `failed`, with EAGAIN in errno. [worker, may suspend]
template <typename Result, typename Call>
Result on_thread_of(runtime::ThreadPool& pool, ThreadState& state, Result failed, Call call) {
  state.waits();
  const runtime::HostCode host;
  int name_error = h_errno;
  try {
    const Result result = pool.run([&] {
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

// For what may wait for what another such call does.
template <typename Result, typename Call>
Result on_thread(ThreadState& state, Result failed, Call call) {
  return on_thread_of(state.pools().waits, state, failed, call);
}

// The same for what fails with -1.
template <typename Call>
auto on_thread(ThreadState& state, Call call) -> decltype(call()) {
  return on_thread(state, static_cast<decltype(call())>(-1), call);
}

// For what asks name servers, which can be slow.
template <typename Result, typename Call>
Result on_names_thread(ThreadState& state, Result failed, Call call) {
  return on_thread_of(state.pools().names, state, failed, call);
}

}  // namespace hooks
