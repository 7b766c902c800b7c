#include "hooks/readiness.hpp"

#include <sys/socket.h>

#include "hooks/real.hpp"
#include "runtime/reactor.hpp"

namespace hooks {

int wait_until_ready(ThreadState& state, int descriptor, std::uint32_t events, TimePoint deadline) {
  runtime::DescriptorWait wait(descriptor, events);
  return wait_until_ready(state, {&wait, 1}, deadline);
}

int wait_until_ready(ThreadState& state, std::span<runtime::DescriptorWait> waits, TimePoint deadline) {
  state.waits();
  return state.reactor().descriptor_waits().wait(waits, deadline);
}

bool is_ready(int descriptor, Direction direction) noexcept {
  pollfd one{descriptor, static_cast<short>(events_of(direction)), 0};
  return real::poll(&one, 1, 0) > 0;
}

bool would_wait(int descriptor, Direction direction, TimePoint& deadline) {
  const int flags = real::fcntl(descriptor, F_GETFL);
  if (flags < 0) return false;
  if (flags & O_NONBLOCK) {
    errno = EAGAIN;
    return false;
  }
  timeval limit{};
  socklen_t size = sizeof limit;
  const int option = direction == Direction::reading ? SO_RCVTIMEO : SO_SNDTIMEO;
  // What is no socket has no limit.
  if (::getsockopt(descriptor, SOL_SOCKET, option, &limit, &size) != 0) limit = {};
  const bool limited = limit.tv_sec != 0 || limit.tv_usec != 0;
  deadline = limited ? deadline_in({limit.tv_sec, limit.tv_usec * 1'000L}) : kNever;
  return true;
}

}  // namespace hooks
