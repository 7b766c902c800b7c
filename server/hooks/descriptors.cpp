// Any descriptor: read(2), write(2), readv(2), writev(2), close(2), dup2(2). A descriptor is taken for a
// socket until it has shown that it is none: a socket then costs 50 ns more than the real call.
#include <sys/socket.h>

#include <array>

#include "hooks/file_io.hpp"
#include "hooks/gate.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"
#include "runtime/reactor.hpp"

namespace {

using namespace hooks;

// The descriptors that were no sockets when last tried. It saves a system call and decides nothing:
// file_io.hpp does for sockets too, so that a descriptor that was closed unseen may leave its mark to a
// socket.
class NoSockets {
 public:
  static bool hold(int descriptor) noexcept { return marked_[index_of(descriptor)]; }
  static void note(int descriptor, bool none) noexcept { marked_[index_of(descriptor)] = none; }

 private:
  static std::size_t index_of(int descriptor) noexcept {
    return static_cast<unsigned>(descriptor) % marked_.size();
  }
  static inline constinit thread_local std::array<bool, 1024> marked_{};
};

// A call that failed at first has succeeded after all.
ssize_t restoring(int error_before, ssize_t result) {
  if (result != -1) errno = error_before;
  return result;
}

ssize_t read_no_socket(ThreadState& state, int descriptor, void* data, size_t size) {
  const int error_before = errno;
  const iovec part{data, size};
  return restoring(error_before, at_once(state, read_file(state, {descriptor, {&part, 1}})));
}

ssize_t write_no_socket(ThreadState& state, int descriptor, const void* data, size_t size) {
  const int error_before = errno;
  const iovec part{const_cast<void*>(data), size};
  return restoring(error_before, at_once(state, write_file(state, {descriptor, {&part, 1}})));
}

// Both are for what recv() and send() at once did not settle, and left errno to say why not.
[[gnu::cold]] ssize_t read_slowly(ThreadState& state, int descriptor, void* data, size_t size,
                                  int error_before) {
  if (errno == EAGAIN) {
    return restoring(error_before, until_done(state, descriptor, Direction::reading, [=] {
                       return real::recv(descriptor, data, size, MSG_DONTWAIT);
                     }));
  }
  if (errno != ENOTSOCK) return -1;
  NoSockets::note(descriptor, true);
  errno = error_before;
  return read_no_socket(state, descriptor, data, size);
}

[[gnu::cold]] ssize_t write_slowly(ThreadState& state, int descriptor, const void* data, size_t size,
                                   ssize_t sent, int error_before) {
  if (sent >= 0 || errno == EAGAIN) {
    const auto done = static_cast<size_t>(sent > 0 ? sent : 0);
    const char* const rest = static_cast<const char*>(data) + done;
    const ssize_t more = until_all(state, descriptor, Direction::writing, size - done, [=](size_t further) {
      return real::send(descriptor, rest + further, size - done - further,
                        MSG_DONTWAIT | (done + further > 0 ? MSG_NOSIGNAL : 0));
    });
    return restoring(error_before, done == 0 ? more : static_cast<ssize_t>(done) + (more > 0 ? more : 0));
  }
  if (errno != ENOTSOCK) return -1;
  NoSockets::note(descriptor, true);
  errno = error_before;
  return write_no_socket(state, descriptor, data, size);
}

ssize_t read_hook(int descriptor, void* data, size_t size) {
  ThreadState* const state = waiter();
  // To read nothing waits for nothing, while recv(2) of nothing takes a datagram.
  if (!state || size == 0) return real::read(descriptor, data, size);
  if (NoSockets::hold(descriptor)) return read_no_socket(*state, descriptor, data, size);
  const int error_before = errno;
  const ssize_t got = real::recv(descriptor, data, size, MSG_DONTWAIT);
  if (got >= 0) return at_once(*state, got);
  return read_slowly(*state, descriptor, data, size, error_before);
}

ssize_t write_hook(int descriptor, const void* data, size_t size) {
  ThreadState* const state = waiter();
  if (!state) return real::write(descriptor, data, size);
  if (NoSockets::hold(descriptor)) return write_no_socket(*state, descriptor, data, size);
  const int error_before = errno;
  const ssize_t sent = real::send(descriptor, data, size, MSG_DONTWAIT);
  if (sent >= 0 && static_cast<size_t>(sent) == size) return at_once(*state, sent);
  return write_slowly(*state, descriptor, data, size, sent, error_before);
}

void closing(int descriptor) {
  ThreadState* const state = waiter();
  if (!state) return;
  state->reactor().descriptor_waits().closing(descriptor);
  NoSockets::note(descriptor, false);
}

int close_hook(int descriptor) {
  closing(descriptor);
  return real::close(descriptor);
}

// What stands at `to` is closed if `from` is open.
void about_to_replace(int from, int to) {
  if (from != to && waiter() && real::fcntl(from, F_GETFD) != -1) closing(to);
}

// How many parts the kernel accepts: it refuses others, and they are not ours to look at.
bool is_count_of_parts(int count) { return count > 0 && count <= IOV_MAX; }

}  // namespace

extern "C" {

ssize_t read(int descriptor, void* data, size_t size) { return read_hook(descriptor, data, size); }

ssize_t __read(int descriptor, void* data, size_t size) { return read_hook(descriptor, data, size); }

ssize_t __read_chk(int descriptor, void* data, size_t size, size_t room) {
  if (size > room) return real::__read_chk(descriptor, data, size, room);  // which ends the process
  return read_hook(descriptor, data, size);
}

ssize_t write(int descriptor, const void* data, size_t size) { return write_hook(descriptor, data, size); }

ssize_t __write(int descriptor, const void* data, size_t size) { return write_hook(descriptor, data, size); }

ssize_t readv(int descriptor, const iovec* parts, int count) {
  ThreadState* const state = waiter();
  if (!state || !is_count_of_parts(count)) return real::readv(descriptor, parts, count);
  const Parts all(parts, static_cast<size_t>(count));
  if (length_of(all) == 0) return real::readv(descriptor, parts, count);
  const int error_before = errno;
  const ssize_t got = read_socket(*state, descriptor, all);
  if (got != -1 || errno != ENOTSOCK) return got;
  return restoring(error_before, at_once(*state, read_file(*state, {descriptor, all})));
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  ThreadState* const state = waiter();
  if (!state || !is_count_of_parts(count)) return real::writev(descriptor, parts, count);
  const Parts all(parts, static_cast<size_t>(count));
  const int error_before = errno;
  const ssize_t sent = write_socket(*state, descriptor, all);
  if (sent != -1 || errno != ENOTSOCK) return sent;
  return restoring(error_before, at_once(*state, write_file(*state, {descriptor, all})));
}

int close(int descriptor) { return close_hook(descriptor); }

int __close(int descriptor) { return close_hook(descriptor); }

int dup2(int from, int to) noexcept {
  about_to_replace(from, to);
  return real::dup2(from, to);
}

int dup3(int from, int to, int flags) noexcept {
  about_to_replace(from, to);
  return real::dup3(from, to, flags);
}

}  // extern "C"
