// Making connections: accept(2) and connect(2). The two calls that can't be told to wait for nothing: the
// socket is non-blocking for as long as each attempt takes, and as it was while the fiber waits.
#include <sys/socket.h>

#include <algorithm>
#include <chrono>

#include "hooks/non_blocking.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"
#include "runtime/parking.hpp"

namespace {

using namespace hooks;

template <typename Call>
int accept_by(ThreadState& state, int socket, Call call) {
  const int flags = real::fcntl(socket, F_GETFL);
  if (flags == -1 || flags & O_NONBLOCK) return at_once(state, call());
  return until_done(state, socket, Direction::reading, [&] {
    const NonBlocking for_now(socket, flags);
    return call();
  });
}

// The queue of a unix socket is full. The kernel tells nobody when there is room again. 0, EAGAIN once the
// deadline has passed, ECANCELED.
int pause_before_next(ThreadState& state, Duration& pause, TimePoint deadline) {
  const TimePoint now = Clock::now();
  if (now >= deadline) return EAGAIN;
  state.waits();
  const runtime::Wake wake = runtime::sleep_until(std::min(deadline, now + pause));
  pause = std::min<Duration>(2 * pause, std::chrono::milliseconds(50));
  return wake == runtime::Wake::cancelled ? ECANCELED : 0;
}

int connect_hook(int socket, const sockaddr* address, socklen_t size) {
  ThreadState* const state = waiter();
  if (!state) return real::connect(socket, address, size);
  const int flags = real::fcntl(socket, F_GETFL);
  if (flags == -1 || flags & O_NONBLOCK) return at_once(*state, real::connect(socket, address, size));

  const int error_before = errno;
  TimePoint deadline{};
  Duration pause = std::chrono::milliseconds(1);
  for (bool asked = false;; asked = true) {
    // The second call of connect() tells how the first has ended, and ends it: as a blocking one does. Some
    // families (vsock(7)) have ended it by then, and say so.
    const int result = [&] {
      const NonBlocking for_now(socket, flags);
      return real::connect(socket, address, size);
    }();
    if (result == 0 || (asked && errno == EISCONN)) {
      errno = error_before;
      return at_once(*state, 0);
    }
    const int reason = errno;
    if (reason != EINPROGRESS && reason != EALREADY && reason != EAGAIN) return at_once(*state, -1);
    if (!asked && !would_wait(socket, Direction::writing, deadline)) return -1;
    const int error = reason == EAGAIN ? pause_before_next(*state, pause, deadline)
                                       : wait_until_ready(*state, socket, POLLOUT, deadline);
    if (error != 0) {
      errno = error == ETIMEDOUT ? EINPROGRESS : error;  // SO_SNDTIMEO: socket(7)
      return -1;
    }
  }
}

}  // namespace

extern "C" {

int accept(int socket, sockaddr* address, socklen_t* size) {
  ThreadState* const state = waiter();
  if (!state) return real::accept(socket, address, size);
  return accept_by(*state, socket, [=] { return real::accept(socket, address, size); });
}

int accept4(int socket, sockaddr* address, socklen_t* size, int flags) {
  ThreadState* const state = waiter();
  if (!state) return real::accept4(socket, address, size, flags);
  return accept_by(*state, socket, [=] { return real::accept4(socket, address, size, flags); });
}

int connect(int socket, const sockaddr* address, socklen_t size) {
  return connect_hook(socket, address, size);
}

int __connect(int socket, const sockaddr* address, socklen_t size) {
  return connect_hook(socket, address, size);
}

}  // extern "C"
