// How a call on a descriptor waits: it is tried first, without waiting; only where that finds nothing is the
// caller asked, through the descriptor, whether and how long it would have waited.
#pragma once

#include <poll.h>

#include <cerrno>
#include <cstdint>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"

namespace hooks {

// What a blocking call waits for, and the socket option that limits its time (socket(7)).
enum class Direction : std::uint8_t { reading, writing };

constexpr std::uint32_t events_of(Direction direction) {
  return direction == Direction::reading ? POLLIN : POLLOUT;
}

// Suspends the fiber until the descriptor is ready or the deadline passes. 0, ETIMEDOUT, EBADF where it was
// closed meanwhile, EPERM where it is no descriptor to wait for (a regular file). [worker, may suspend]
int wait_until_ready(ThreadState& state, int descriptor, std::uint32_t events, TimePoint deadline);

// Whether a blocking call on it would wait at all, and until when. False with errno set where not: EAGAIN, as
// it is its owner who made it non-blocking, or what fcntl(2) fails with.
bool would_wait(int descriptor, Direction direction, TimePoint& deadline);

// Does what a blocking call does by one that doesn't block: `attempt()` is made until it gives anything but
// -1 with EAGAIN, and between two attempts the fiber waits. [worker, may suspend]
template <typename Attempt>
auto until_done(ThreadState& state, int descriptor, Direction direction, Attempt attempt)
    -> decltype(attempt()) {
  const int error_before = errno;
  TimePoint deadline{};
  for (bool asked = false;; asked = true) {
    const auto result = attempt();
    if (result != -1) {
      errno = error_before;  // as after a call that has not failed
      state.give_way();
      return result;
    }
    if (errno != EAGAIN) return result;
    if (!asked && !would_wait(descriptor, direction, deadline)) return -1;
    const int error = wait_until_ready(state, descriptor, events_of(direction), deadline);
    if (error != 0) {
      errno = error == ETIMEDOUT ? EAGAIN : error;
      return -1;
    }
  }
}

}  // namespace hooks
