// How a call on a descriptor waits: it is tried first, without waiting; only where that finds nothing is the
// caller asked, through the descriptor, whether and how long it would have waited.
#pragma once

#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "runtime/descriptor_waits.hpp"

namespace hooks {

// What a blocking call waits for, and the socket option that limits its time (socket(7)).
enum class Direction : std::uint8_t { reading, writing };

constexpr std::uint32_t events_of(Direction direction) {
  return direction == Direction::reading ? POLLIN : POLLOUT;
}

// Suspends the fiber until the descriptor is ready or the deadline passes. 0, ETIMEDOUT, ECANCELED where its
// request is, EBADF where it was closed meanwhile, EPERM where it is no descriptor to wait for (a regular
// file). [worker, may suspend]
int wait_until_ready(ThreadState& state, int descriptor, std::uint32_t events, TimePoint deadline);

// The same for the first of several, each of them waited for once. EPERM only where none can be waited for.
int wait_until_ready(ThreadState& state, std::span<runtime::DescriptorWait> waits, TimePoint deadline);

// Whether a call on the descriptor would find something at once: an error too, or its end.
bool is_ready(int descriptor, Direction direction) noexcept;

// Whether a blocking call on it would wait at all, and until when. False with errno set where not: EAGAIN, as
// it is its owner who made it non-blocking, or what fcntl(2) fails with.
bool would_wait(int descriptor, Direction direction, TimePoint& deadline);

// Hands on the result of a call that doesn't wait, and lets others have a turn after many of them.
// [worker, may suspend]
template <typename Result>
Result at_once(ThreadState& state, Result result) {
  state.give_way();
  return result;
}

// Does what a blocking call does by one that doesn't block: `attempt(done)` is made until it has moved `size`
// (bytes, or what else it counts), fails with anything but EAGAIN, or finds the end. Between two attempts the
// fiber waits. What has been moved when it fails is the result, as of a blocking call. [worker, may suspend]
template <typename Attempt>
ssize_t until_all(ThreadState& state, int descriptor, Direction direction, std::size_t size,
                  Attempt attempt) {
  const int error_before = errno;
  TimePoint deadline{};
  std::size_t done = 0;
  ssize_t result = 0;
  for (bool asked = false;; asked = true) {
    result = attempt(done);
    if (result > 0) done += static_cast<std::size_t>(result);
    if (result < 0 ? errno != EAGAIN : result == 0 || done >= size) break;
    if (!asked && !would_wait(descriptor, direction, deadline)) break;
    const int error = wait_until_ready(state, descriptor, events_of(direction), deadline);
    if (error != 0) {
      errno = error == ETIMEDOUT ? EAGAIN : error;
      break;
    }
  }
  if (done > 0) result = static_cast<ssize_t>(done);
  if (result != -1) errno = error_before;  // as after a call that has not failed
  return at_once(state, result);
}

// The same for what is moved in one go, however much that is.
template <typename Attempt>
auto until_done(ThreadState& state, int descriptor, Direction direction, Attempt attempt)
    -> decltype(attempt()) {
  using Result = decltype(attempt());
  return static_cast<Result>(
      until_all(state, descriptor, direction, 1, [&](std::size_t) -> ssize_t { return attempt(); }));
}

}  // namespace hooks
