#include "runtime/stream.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace runtime {
namespace {

IoResult failed() { return {0, std::error_code(errno, std::generic_category())}; }

std::error_code error_of(Wake wake) {
  if (wake == Wake::signalled) return {};
  return std::make_error_code(wake == Wake::timed_out ? std::errc::timed_out : std::errc::operation_canceled);
}

std::error_code busy() { return std::make_error_code(std::errc::device_or_resource_busy); }

// Drops the first `written` bytes.
std::span<iovec> rest_after(std::span<iovec> pieces, std::size_t written) {
  while (!pieces.empty() && written >= pieces.front().iov_len) {
    written -= pieces.front().iov_len;
    pieces = pieces.subspan(1);
  }
  if (!pieces.empty()) {
    pieces.front().iov_base = static_cast<char*>(pieces.front().iov_base) + written;
    pieces.front().iov_len -= written;
  }
  return pieces;
}

}  // namespace

// A peer that keeps up never makes its fiber wait; the others must get their turns all the same.
void Stream::give_way() {
  constexpr int kMostInARow = 64;
  if (++in_a_row_ < kMostInARow) return;
  in_a_row_ = 0;
  yield();
}

IoResult Stream::try_read(std::span<char> into) {
  watch_.expect_readable();
  ssize_t size;
  do {
    size = ::recv(fd(), into.data(), into.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return failed();
  // A short read has emptied the socket, and new bytes bring a new edge (epoll(7), question 9). A full one
  // says nothing, so the reader has to come back.
  if (static_cast<std::size_t>(size) == into.size()) watch_.presume_readable();
  return {static_cast<std::size_t>(size), {}};
}

IoResult Stream::read(std::span<char> into, TimePoint deadline) {
  for (;;) {
    const IoResult result = try_read(into);
    if (result.error != std::errc::operation_would_block) {
      give_way();
      return result;
    }
    if (watch_.reader_waits()) return {0, busy()};
    in_a_row_ = 0;
    if (const auto error = error_of(watch_.wait_readable(deadline))) return {0, error};
  }
}

IoResult Stream::try_write(std::span<const iovec> pieces, int flags) {
  flags |= MSG_NOSIGNAL;
  ssize_t size;
  do {
    if (pieces.size() == 1) {
      size = ::send(fd(), pieces.front().iov_base, pieces.front().iov_len, flags);
    } else {
      msghdr message{};
      message.msg_iov = const_cast<iovec*>(pieces.data());
      message.msg_iovlen = pieces.size();
      size = ::sendmsg(fd(), &message, flags);
    }
  } while (size < 0 && errno == EINTR);
  if (size < 0) return failed();
  return {static_cast<std::size_t>(size), {}};
}

std::error_code Stream::write(std::span<iovec> pieces, Duration patience, int flags) {
  pieces = rest_after(pieces, 0);
  while (!pieces.empty()) {
    const IoResult result = try_write(pieces, flags);
    if (!result.error) {
      pieces = rest_after(pieces, result.size);
      give_way();
      continue;
    }
    if (result.error != std::errc::operation_would_block) return result.error;
    if (const auto error = wait_writable(patience)) return error;
  }
  return {};
}

bool Stream::is_writable() const noexcept {
  pollfd socket{fd(), POLLOUT, 0};
  return ::poll(&socket, 1, 0) > 0;
}

std::error_code Stream::wait_writable(Duration patience) {
  if (watch_.writer_waits()) return busy();
  in_a_row_ = 0;
  return error_of(watch_.wait_writable(deadline_after(patience)));
}

bool Stream::has_unread() const noexcept {
  int size = 0;
  return ::ioctl(fd(), FIONREAD, &size) == 0 && size > 0;
}

void Stream::shut_down_writing() noexcept { ::shutdown(fd(), SHUT_WR); }

void Stream::reset_at_close() noexcept {
  const linger at_once{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace runtime
