#include "hooks/readiness.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include "runtime/descriptor_waits.hpp"
#include "runtime/reactor.hpp"

namespace hooks {

int wait_until_ready(ThreadState& state, int descriptor, std::uint32_t events, TimePoint deadline) {
  state.waits();
  runtime::DescriptorWait wait(descriptor, events);
  return state.reactor().descriptor_waits().wait({&wait, 1}, deadline);
}

bool would_wait(int descriptor, Direction direction, TimePoint& deadline) {
  const runtime::HostCode host;
  const int flags = ::fcntl(descriptor, F_GETFL);
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
