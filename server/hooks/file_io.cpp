#include "hooks/file_io.hpp"

#include <linux/magic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace hooks {
namespace {

ssize_t blocking_read(const Transfer& it, Parts parts, int flags = 0) {
  return real::preadv64v2(it.descriptor, parts.data(), static_cast<int>(parts.size()), it.offset,
                          it.flags | flags);
}

ssize_t blocking_write(const Transfer& it, Parts parts, int flags = 0) {
  return real::pwritev64v2(it.descriptor, parts.data(), static_cast<int>(parts.size()), it.offset,
                           it.flags | flags);
}

Transfer rest_of(const Transfer& it, const PartsLeft& left, std::size_t done) {
  return {it.descriptor, left, it.offset < 0 ? it.offset : it.offset + static_cast<off64_t>(done), it.flags};
}

// The file's driver, or the kernel, knows of no reading or writing without waiting.
bool has_no_nowait(int error) { return error == EOPNOTSUPP || error == ENOSYS; }

bool is_on_disk(mode_t mode) { return S_ISREG(mode) || S_ISBLK(mode) || S_ISDIR(mode); }

// Not by lseek(2) alone: it succeeds on an eventfd. But it fails on a pipe, and costs half of an fstat(2).
bool is_file(int descriptor) {
  struct stat status {};
  return ::lseek(descriptor, 0, SEEK_CUR) != -1 && ::fstat(descriptor, &status) == 0 &&
         is_on_disk(status.st_mode);
}

bool is_in_memory(int descriptor) {
  constexpr std::array<decltype(std::declval<struct statfs>().f_type), 7> kInMemory = {
      TMPFS_MAGIC,        RAMFS_MAGIC,         PROC_SUPER_MAGIC, SYSFS_MAGIC,
      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, HUGETLBFS_MAGIC};
  struct statfs system {};
  return ::fstatfs(descriptor, &system) == 0 &&
         std::find(kInMemory.begin(), kInMemory.end(), system.f_type) != kInMemory.end();
}

msghdr message_of(Parts parts) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  return message;
}

ssize_t read_polled(ThreadState& state, const Transfer& it) {
  const auto read = [&] { return blocking_read(it, it.parts); };
  struct stat status {};
  if (::fstat(it.descriptor, &status) != 0) return -1;
  if (S_ISSOCK(status.st_mode)) return read_socket(state, it.descriptor, it.parts);
  if (is_on_disk(status.st_mode)) return is_in_memory(it.descriptor) ? read() : on_thread(state, read);
  // How long a terminal's read waits is set in the terminal: termios(3), VMIN and VTIME.
  if (S_ISCHR(status.st_mode)) {
    return is_ready(it.descriptor, Direction::reading) ? read() : on_thread(state, read);
  }
  const ssize_t got = until_done(state, it.descriptor, Direction::reading, [&]() -> ssize_t {
    if (is_ready(it.descriptor, Direction::reading)) return read();
    errno = EAGAIN;
    return -1;
  });
  // It is non-blocking then, and a FIFO that nobody has open for writing yet is at its end.
  return got == -1 && errno == EAGAIN ? read() : got;
}

ssize_t write_polled(ThreadState& state, const Transfer& it) {
  const auto write = [&] { return blocking_write(it, it.parts); };
  struct stat status {};
  if (::fstat(it.descriptor, &status) != 0) return -1;
  if (S_ISSOCK(status.st_mode)) return write_socket(state, it.descriptor, it.parts);
  if (is_on_disk(status.st_mode)) {
    // Into the page cache, but for those who want to wait for the disk.
    const int flags = real::fcntl(it.descriptor, F_GETFL);
    return flags & (O_DSYNC | O_DIRECT) ? on_thread(state, write) : write();
  }
  // How much a terminal takes is not told.
  if (S_ISCHR(status.st_mode)) return on_thread(state, write);
  // A pipe that is writable has room for PIPE_BUF bytes, which are written whole (pipe(7)); unless another
  // process takes that room in this very moment: then the call waits for it.
  const std::size_t most = S_ISFIFO(status.st_mode) ? PIPE_BUF : SIZE_MAX;
  return until_all(state, it.descriptor, Direction::writing, length_of(it.parts),
                   [&](std::size_t done) -> ssize_t {
                     if (is_ready(it.descriptor, Direction::writing)) {
                       return blocking_write(it, PartsLeft(it.parts, done, most));
                     }
                     errno = EAGAIN;
                     return -1;
                   });
}

}  // namespace

ssize_t read_socket(ThreadState& state, int socket, Parts parts) {
  return until_done(state, socket, Direction::reading, [=] {
    msghdr message = message_of(parts);
    return real::recvmsg(socket, &message, MSG_DONTWAIT);
  });
}

ssize_t write_socket(ThreadState& state, int socket, Parts parts) {
  return until_all(state, socket, Direction::writing, length_of(parts), [=](std::size_t done) {
    if (done == 0) {
      const msghdr message = message_of(parts);
      return real::sendmsg(socket, &message, MSG_DONTWAIT);
    }
    const PartsLeft left(parts, done);
    const msghdr message = message_of(left);
    return real::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  });
}

ssize_t read_file(ThreadState& state, const Transfer& it) {
  const ssize_t got = blocking_read(it, it.parts, RWF_NOWAIT);
  const auto done = static_cast<std::size_t>(got);
  if (got == 0 || (got > 0 && done == length_of(it.parts))) return got;
  if (got > 0) {
    if (!is_file(it.descriptor)) return got;
    // The rest is not in the page cache, or this is the end: a file's reader trusts a short read to be that.
    const PartsLeft left(it.parts, done);
    const ssize_t more = read_file(state, rest_of(it, left, done));
    return more > 0 ? got + more : got;
  }
  if (has_no_nowait(errno)) return read_polled(state, it);
  if (errno != EAGAIN) return -1;
  if (is_file(it.descriptor)) return on_thread(state, [&] { return blocking_read(it, it.parts); });
  return until_done(state, it.descriptor, Direction::reading,
                    [&] { return blocking_read(it, it.parts, RWF_NOWAIT); });
}

ssize_t write_file(ThreadState& state, const Transfer& it) {
  const std::size_t size = length_of(it.parts);
  const ssize_t put = blocking_write(it, it.parts, RWF_NOWAIT);
  if (put >= 0 && static_cast<std::size_t>(put) == size) return put;
  if (put < 0 && has_no_nowait(errno)) return write_polled(state, it);
  if (put < 0 && errno != EAGAIN) return -1;

  const ssize_t done = put > 0 ? put : 0;
  const PartsLeft left(it.parts, static_cast<std::size_t>(done));
  const Transfer rest = rest_of(it, left, static_cast<std::size_t>(done));
  const ssize_t more =
      is_file(it.descriptor)
          ? on_thread(state, [&] { return blocking_write(rest, rest.parts); })
          : until_all(state, it.descriptor, Direction::writing, length_of(left), [&](std::size_t further) {
              return blocking_write(rest, PartsLeft(left, further), RWF_NOWAIT);
            });
  return more >= 0 ? done + more : done > 0 ? done : -1;
}

}  // namespace hooks
