// Moving data through sockets: recv(2), send(2) and their kin. What has arrived is taken at once; a socket's
// SO_RCVLOWAT is looked at by the wait alone, so that a first call may give less.
#include <sys/socket.h>

#include "hooks/file_io.hpp"
#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// Receiving of out-of-band data and of queued errors never waits (tcp(7), recv(2)).
constexpr int kNeverWait = MSG_DONTWAIT | MSG_OOB | MSG_ERRQUEUE;

// After the first part has gone, an error is told by what is missing, not by a signal.
int rest_flags(int flags, size_t done) { return flags | MSG_DONTWAIT | (done > 0 ? MSG_NOSIGNAL : 0); }

bool is_stream(int socket) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

Parts parts_of(const msghdr& message) { return {message.msg_iov, message.msg_iovlen}; }

// MSG_WAITALL: until as much as asked for is there. Only a stream has more where less was.
template <typename Attempt, typename Blocking>
ssize_t receive(ThreadState& state, int socket, size_t size, int flags, Attempt attempt, Blocking blocking) {
  if (!(flags & MSG_WAITALL) || !is_stream(socket)) {
    return until_done(state, socket, Direction::reading, [&] { return attempt(0); });
  }
  // What is looked at stays where it is, and makes the socket readable while the rest is still to come.
  if (flags & MSG_PEEK) return on_thread(state, blocking);
  return until_all(state, socket, Direction::reading, size, attempt);
}

ssize_t recv_hook(int socket, void* data, size_t size, int flags) {
  ThreadState* const state = waiter();
  if (!state) return real::recv(socket, data, size, flags);
  if (flags & kNeverWait) return at_once(*state, real::recv(socket, data, size, flags));
  return receive(
      *state, socket, size, flags,
      [=](size_t done) {
        return real::recv(socket, static_cast<char*>(data) + done, size - done, flags | MSG_DONTWAIT);
      },
      [=] { return real::recv(socket, data, size, flags); });
}

ssize_t recvfrom_hook(int socket, void* data, size_t size, int flags, sockaddr* from, socklen_t* from_size) {
  ThreadState* const state = waiter();
  if (!state) return real::recvfrom(socket, data, size, flags, from, from_size);
  if (flags & kNeverWait) {
    return at_once(*state, real::recvfrom(socket, data, size, flags, from, from_size));
  }
  return receive(
      *state, socket, size, flags,
      [=](size_t done) {
        char* const rest = static_cast<char*>(data) + done;
        if (done > 0) return real::recv(socket, rest, size - done, flags | MSG_DONTWAIT);
        return real::recvfrom(socket, rest, size, flags | MSG_DONTWAIT, from, from_size);
      },
      [=] { return real::recvfrom(socket, data, size, flags, from, from_size); });
}

ssize_t send_hook(int socket, const void* data, size_t size, int flags) {
  ThreadState* const state = waiter();
  if (!state) return real::send(socket, data, size, flags);
  if (flags & MSG_DONTWAIT) return at_once(*state, real::send(socket, data, size, flags));
  return until_all(*state, socket, Direction::writing, size, [=](size_t done) {
    return real::send(socket, static_cast<const char*>(data) + done, size - done, rest_flags(flags, done));
  });
}

// The address, and what goes beside the data, go with its first part.
ssize_t send_message(ThreadState& state, int socket, const msghdr& message, int flags, size_t sent = 0) {
  const Parts parts = parts_of(message);
  return until_all(state, socket, Direction::writing, length_of(parts) - sent, [&, sent](size_t further) {
    const size_t done = sent + further;
    if (done == 0) return real::sendmsg(socket, &message, rest_flags(flags, 0));
    const PartsLeft left(parts, done);
    msghdr rest{};
    rest.msg_iov = const_cast<iovec*>(left.data());
    rest.msg_iovlen = static_cast<size_t>(left.count());
    return real::sendmsg(socket, &rest, rest_flags(flags, done));
  });
}

// A message that is sent while the connection is made waits for both (tcp(7), TCP fast open).
bool waits_for_connection(int flags) { return flags & MSG_FASTOPEN; }

}  // namespace

extern "C" {

ssize_t recv(int socket, void* data, size_t size, int flags) { return recv_hook(socket, data, size, flags); }

ssize_t __recv_chk(int socket, void* data, size_t size, size_t room, int flags) {
  if (size > room) return real::__recv_chk(socket, data, size, room, flags);  // which ends the process
  return recv_hook(socket, data, size, flags);
}

ssize_t recvfrom(int socket, void* data, size_t size, int flags, sockaddr* from, socklen_t* from_size) {
  return recvfrom_hook(socket, data, size, flags, from, from_size);
}

ssize_t __recvfrom_chk(int socket, void* data, size_t size, size_t room, int flags, sockaddr* from,
                       socklen_t* from_size) {
  if (size > room) return real::__recvfrom_chk(socket, data, size, room, flags, from, from_size);
  return recvfrom_hook(socket, data, size, flags, from, from_size);
}

ssize_t recvmsg(int socket, msghdr* message, int flags) {
  ThreadState* const state = waiter();
  if (!state || message->msg_iovlen > IOV_MAX) return real::recvmsg(socket, message, flags);
  if (flags & kNeverWait) return at_once(*state, real::recvmsg(socket, message, flags));
  const auto blocking = [=] { return real::recvmsg(socket, message, flags); };
  // Which part of a stream the data beside it comes with is for the kernel to tell.
  if (flags & MSG_WAITALL && message->msg_controllen > 0) return on_thread(*state, blocking);
  const Parts parts = parts_of(*message);
  return receive(
      *state, socket, length_of(parts), flags,
      [=](size_t done) {
        if (done == 0) return real::recvmsg(socket, message, flags | MSG_DONTWAIT);
        const PartsLeft left(parts, done);
        msghdr rest{};
        rest.msg_iov = const_cast<iovec*>(left.data());
        rest.msg_iovlen = static_cast<size_t>(left.count());
        return real::recvmsg(socket, &rest, flags | MSG_DONTWAIT);
      },
      blocking);
}

int recvmmsg(int socket, mmsghdr* messages, unsigned int count, int flags, timespec* timeout) {
  ThreadState* const state = waiter();
  if (!state || count == 0 || (timeout && !is_valid(*timeout))) {
    return real::recvmmsg(socket, messages, count, flags, timeout);
  }
  if (flags & kNeverWait) return at_once(*state, real::recvmmsg(socket, messages, count, flags, timeout));
  // As in the kernel, the time is looked at when a message has come: recvmmsg(2), BUGS.
  const TimePoint deadline = timeout ? deadline_in(*timeout) : kNever;
  const int error_before = errno;
  unsigned int got = 0;
  while (got < count) {
    const int more = static_cast<int>(until_done(*state, socket, Direction::reading, [&]() -> ssize_t {
      return real::recvmmsg(socket, messages + got, count - got, flags | MSG_DONTWAIT, nullptr);
    }));
    if (more <= 0) break;
    got += static_cast<unsigned int>(more);
    if (flags & MSG_WAITFORONE || (timeout && Clock::now() >= deadline)) break;
  }
  if (got == 0) return -1;
  errno = error_before;
  if (timeout) *timeout = left_until(deadline);
  return static_cast<int>(got);
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  return send_hook(socket, data, size, flags);
}

ssize_t __send(int socket, const void* data, size_t size, int flags) {
  return send_hook(socket, data, size, flags);
}

ssize_t sendto(int socket, const void* data, size_t size, int flags, const sockaddr* to, socklen_t to_size) {
  ThreadState* const state = waiter();
  if (!state) return real::sendto(socket, data, size, flags, to, to_size);
  if (flags & MSG_DONTWAIT) return at_once(*state, real::sendto(socket, data, size, flags, to, to_size));
  if (waits_for_connection(flags)) {
    return on_thread(*state, [=] { return real::sendto(socket, data, size, flags, to, to_size); });
  }
  return until_all(*state, socket, Direction::writing, size, [=](size_t done) {
    const char* const rest = static_cast<const char*>(data) + done;
    if (done > 0) return real::send(socket, rest, size - done, rest_flags(flags, done));
    return real::sendto(socket, rest, size, rest_flags(flags, 0), to, to_size);
  });
}

ssize_t sendmsg(int socket, const msghdr* message, int flags) {
  ThreadState* const state = waiter();
  if (!state || message->msg_iovlen > IOV_MAX) return real::sendmsg(socket, message, flags);
  if (flags & MSG_DONTWAIT) return at_once(*state, real::sendmsg(socket, message, flags));
  if (waits_for_connection(flags)) {
    return on_thread(*state, [=] { return real::sendmsg(socket, message, flags); });
  }
  return send_message(*state, socket, *message, flags);
}

int sendmmsg(int socket, mmsghdr* messages, unsigned int count, int flags) {
  ThreadState* const state = waiter();
  if (!state || count == 0) return real::sendmmsg(socket, messages, count, flags);
  if (flags & MSG_DONTWAIT) return at_once(*state, real::sendmmsg(socket, messages, count, flags));
  const int error_before = errno;
  unsigned int sent = 0;
  while (sent < count) {
    const int more = static_cast<int>(until_done(*state, socket, Direction::writing, [&]() -> ssize_t {
      return real::sendmmsg(socket, messages + sent, count - sent, flags | MSG_DONTWAIT);
    }));
    if (more <= 0) break;
    sent += static_cast<unsigned int>(more);
    // The last may have gone in part.
    mmsghdr& last = messages[sent - 1];
    if (last.msg_len == length_of(parts_of(last.msg_hdr))) continue;
    const ssize_t rest = send_message(*state, socket, last.msg_hdr, flags, last.msg_len);
    if (rest < 0) break;
    last.msg_len += static_cast<unsigned int>(rest);
  }
  if (sent == 0) return -1;
  errno = error_before;
  return static_cast<int>(sent);
}

}  // extern "C"
