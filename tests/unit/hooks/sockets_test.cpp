#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "catch.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

extern "C" {
ssize_t __recv_chk(int, void*, size_t, size_t, int);
ssize_t __recvfrom_chk(int, void*, size_t, size_t, int, sockaddr*, socklen_t*);
ssize_t __send(int, const void*, size_t, int);
}

namespace {

Pair stream_pair() { return socket_pair(SOCK_STREAM); }
Pair datagram_pair() { return socket_pair(SOCK_DGRAM); }

void limit(int socket, int option, std::chrono::microseconds time) {
  const timeval value{0, time.count()};
  ::setsockopt(socket, SOL_SOCKET, option, &value, sizeof value);
}

void send_text(int socket, const std::string& text) { ::send(socket, text.data(), text.size(), 0); }

// Sends "abc", and "def" once its receiver had time to take the first for all.
std::function<void()> sending_in_two(const Pair& pair) {
  return [&pair] {
    send_text(pair.theirs.get(), "abc");
    ::usleep(1'000);
    send_text(pair.theirs.get(), "def");
  };
}

}  // namespace

TEST_CASE("a hundred fibers receive, each woken by its own bytes") {
  Pair (*const make)() = GENERATE(stream_pair, datagram_pair, tcp_pair, udp_pair);
  const std::array<std::function<ssize_t(int, char*)>, 8> ways = {
      [](int socket, char* byte) { return ::recv(socket, byte, 1, 0); },
      [](int socket, char* byte) { return ::recv(socket, byte, 1, MSG_WAITALL); },
      [](int socket, char* byte) { return ::recvfrom(socket, byte, 1, 0, nullptr, nullptr); },
      [](int socket, char* byte) { return __recv_chk(socket, byte, 1, 1, 0); },
      [](int socket, char* byte) { return __recvfrom_chk(socket, byte, 1, 1, 0, nullptr, nullptr); },
      [](int socket, char* byte) {
        iovec part{byte, 1};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        return ::recvmsg(socket, &message, 0);
      },
      [](int socket, char* byte) -> ssize_t {
        iovec part{byte, 1};
        mmsghdr message{};
        message.msg_hdr.msg_iov = &part;
        message.msg_hdr.msg_iovlen = 1;
        return ::recvmmsg(socket, &message, 1, 0, nullptr);
      },
      [](int socket, char* byte) { return ::recv(socket, byte, 1, MSG_PEEK); },
  };
  const auto& way = ways[GENERATE(range(0u, 8u))];
  CHECK(woken_by_their_bytes(make, [&](int ours, char byte) {
          char got = -1;
          return way(ours, &got) == 1 && got == byte;
        }) == 100);
}

TEST_CASE("a mebibyte is sent whole to a slow receiver") {
  const Pair pair = GENERATE(true, false) ? stream_pair() : tcp_pair();
  const int little = 50'000;
  ::setsockopt(pair.theirs.get(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  ::setsockopt(pair.ours.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  std::string sent(1 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * i >> 8);
  const int way = GENERATE(0, 1, 2, 3, 4);
  std::array<iovec, 2> parts = {iovec{sent.data(), 10}, iovec{sent.data() + 10, sent.size() - 10}};
  ssize_t result = 0;
  bool ended = false;
  bool had_to_wait = false;
  std::string got;
  on_request_fibers({[&] {
                       mmsghdr message{};
                       message.msg_hdr.msg_iov = parts.data();
                       message.msg_hdr.msg_iovlen = parts.size();
                       const int socket = pair.theirs.get();
                       if (way == 0) result = ::send(socket, sent.data(), sent.size(), 0);
                       if (way == 1) result = ::__send(socket, sent.data(), sent.size(), 0);
                       if (way == 2) result = ::sendto(socket, sent.data(), sent.size(), 0, nullptr, 0);
                       if (way == 3) result = ::sendmsg(socket, &message.msg_hdr, 0);
                       if (way == 4 && ::sendmmsg(socket, &message, 1, 0) == 1) result = message.msg_len;
                       ended = true;
                     },
                     [&] {
                       ::usleep(1'000);
                       had_to_wait = !ended;
                       std::array<char, 20'000> some;
                       while (got.size() < sent.size()) {
                         const ssize_t size = ::recv(pair.ours.get(), some.data(), some.size(), 0);
                         if (size <= 0) break;
                         got.append(some.data(), static_cast<std::size_t>(size));
                       }
                     }});
  CHECK(had_to_wait);
  CHECK(result == static_cast<ssize_t>(sent.size()));
  CHECK((got == sent));
}

TEST_CASE("MSG_WAITALL waits for all of a stream, with MSG_PEEK too") {
  const bool unix_socket = GENERATE(true, false);
  std::array<char, 6> data{};
  std::array<iovec, 2> parts = {iovec{data.data(), 2}, iovec{data.data() + 2, 4}};
  alignas(cmsghdr) std::array<char, 100> control{};
  const int way = GENERATE(0, 1, 2, 3, 4);
  if (unix_socket && way == 3) return;  // the kernel doesn't wait there: it looks at what has come
  const Pair pair = unix_socket ? stream_pair() : tcp_pair();
  ssize_t result = 0;
  on_request_fibers({[&] {
                       msghdr message{};
                       message.msg_iov = parts.data();
                       message.msg_iovlen = parts.size();
                       const int socket = pair.ours.get();
                       if (way == 0) result = ::recv(socket, data.data(), 6, MSG_WAITALL);
                       if (way == 1) {
                         result = ::recvfrom(socket, data.data(), 6, MSG_WAITALL, nullptr, nullptr);
                       }
                       if (way == 2) result = ::recvmsg(socket, &message, MSG_WAITALL);
                       if (way == 3) result = ::recv(socket, data.data(), 6, MSG_WAITALL | MSG_PEEK);
                       if (way == 4) {
                         message.msg_control = control.data();
                         message.msg_controllen = control.size();
                         result = ::recvmsg(socket, &message, MSG_WAITALL);
                       }
                     },
                     sending_in_two(pair)});
  CHECK(result == 6);
  CHECK(std::string(data.data(), 6) == "abcdef");
}

TEST_CASE("MSG_WAITALL of a datagram is one datagram; of a stream that ends, what has come") {
  const bool stream = GENERATE(true, false);
  Pair pair = stream ? stream_pair() : datagram_pair();
  ssize_t result = 0;
  on_request_fibers({[&] {
                       char data[10];
                       result = ::recv(pair.ours.get(), data, sizeof data, MSG_WAITALL);
                     },
                     [&] {
                       send_text(pair.theirs.get(), "abc");
                       if (stream) pair.theirs.reset();
                     }});
  CHECK(result == 3);
}

TEST_CASE("recvmmsg waits for all its messages, for one, or until its time has passed") {
  const Pair pair = datagram_pair();
  std::array<std::array<char, 10>, 3> data{};
  std::array<iovec, 3> parts{};
  std::array<mmsghdr, 3> messages{};
  for (std::size_t i = 0; i < 3; ++i) {
    parts[i] = {data[i].data(), data[i].size()};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int result = 0;
  const auto receive = [&](unsigned count, int flags, timespec* time) {
    on_request_fibers({[&, count, flags, time] {
                         result = ::recvmmsg(pair.ours.get(), messages.data(), count, flags, time);
                       },
                       sending_in_two(pair)});
    return result;
  };
  CHECK(receive(2, 0, nullptr) == 2);
  CHECK(messages[1].msg_len == 3);
  CHECK(receive(2, MSG_WAITFORONE, nullptr) == 1);
  timespec none{};
  CHECK(receive(2, 0, &none) == 1);  // the one that the last left there; then the time has passed
  timespec second{1, 0};
  CHECK(receive(3, 0, &second) == 3);
  CHECK(second.tv_sec == 0);
}

TEST_CASE("a socket that its owner has made non-blocking stays so, and MSG_DONTWAIT never waits") {
  const bool by_flag = GENERATE(false, true);
  const Pair pair = socket_pair(SOCK_STREAM | (by_flag ? 0 : SOCK_NONBLOCK));
  const int flags = by_flag ? MSG_DONTWAIT : 0;
  ssize_t result = 0;
  int error = 0;
  ssize_t sent = 0;
  on_request_fibers(1, [&](int) {
    char byte;
    result = ::recv(pair.ours.get(), &byte, 1, flags);
    error = errno;
    const std::string much(1 << 20, 'x');
    sent = ::send(pair.ours.get(), much.data(), much.size(), flags);
  });
  CHECK(result == -1);
  CHECK(error == EAGAIN);
  CHECK(sent > 0);
  CHECK(sent < 1 << 20);
}

TEST_CASE("queued errors and out-of-band data are never waited for") {
  const Pair pair = tcp_pair();
  int queued = 0;
  int urgent = 0;
  on_request_fibers(1, [&](int) {
    msghdr message{};
    if (::recvmsg(pair.ours.get(), &message, MSG_ERRQUEUE) == -1) queued = errno;
    char byte;
    if (::recv(pair.ours.get(), &byte, 1, MSG_OOB) == -1) urgent = errno;
  });
  CHECK(queued == EAGAIN);
  CHECK(urgent == EINVAL);
}

TEST_CASE("SO_RCVTIMEO limits the wait") {
  const Pair pair = GENERATE(true, false) ? stream_pair() : udp_pair();
  limit(pair.ours.get(), SO_RCVTIMEO, 20ms);
  int error = 0;
  const auto time = on_request_fibers(1, [&](int) {
    char byte;
    if (::recv(pair.ours.get(), &byte, 1, 0) == -1) error = errno;
  });
  CHECK(error == EAGAIN);
  CHECK(time >= 20ms);
}

TEST_CASE("SO_SNDTIMEO limits the whole of a send, which tells what has gone") {
  const Pair pair = stream_pair();
  limit(pair.ours.get(), SO_SNDTIMEO, 20ms);
  const std::string much(1 << 20, 'x');
  ssize_t first = 0;
  ssize_t second = 0;
  int error = 0;
  const auto time = on_request_fibers(1, [&](int) {
    first = ::send(pair.ours.get(), much.data(), much.size(), 0);
    second = ::send(pair.ours.get(), much.data(), much.size(), 0);
    error = errno;
  });
  CHECK(first > 0);
  CHECK(first < 1 << 20);
  CHECK(second == -1);
  CHECK(error == EAGAIN);
  CHECK(time >= 40ms);
}

TEST_CASE("a descriptor that is sent along arrives once") {
  const Pair pair = stream_pair();
  const Pair passed = stream_pair();
  std::string much(1 << 20, 'x');
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  int received = -1;
  int messages_with_control = 0;
  on_request_fibers({[&] {
                       iovec part{much.data(), much.size()};
                       msghdr message{};
                       message.msg_iov = &part;
                       message.msg_iovlen = 1;
                       message.msg_control = control.data();
                       message.msg_controllen = control.size();
                       cmsghdr* const header = CMSG_FIRSTHDR(&message);
                       header->cmsg_level = SOL_SOCKET;
                       header->cmsg_type = SCM_RIGHTS;
                       header->cmsg_len = CMSG_LEN(sizeof(int));
                       const int descriptor = passed.ours.get();
                       std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
                       ::sendmsg(pair.theirs.get(), &message, 0);
                     },
                     [&] {
                       std::string data(50'000, '\0');
                       for (std::size_t left = much.size(); left > 0;) {
                         alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
                         iovec part{data.data(), data.size()};
                         msghdr message{};
                         message.msg_iov = &part;
                         message.msg_iovlen = 1;
                         message.msg_control = room.data();
                         message.msg_controllen = room.size();
                         const ssize_t got = ::recvmsg(pair.ours.get(), &message, MSG_CMSG_CLOEXEC);
                         if (got <= 0) return;
                         left -= static_cast<std::size_t>(got);
                         const cmsghdr* const header = CMSG_FIRSTHDR(&message);
                         if (!header) continue;
                         ++messages_with_control;
                         std::memcpy(&received, CMSG_DATA(header), sizeof received);
                       }
                     }});
  const base::UniqueFd ours(received);
  CHECK(messages_with_control == 1);
  CHECK(received >= 0);
}

TEST_CASE("errors of sockets are those of the real calls") {
  const base::UniqueFd socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  const base::UniqueFd datagrams(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
  const Pair pipe = pipe_pair();
  char byte = 0;
  iovec part{&byte, 1};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  msghdr too_long = message;
  too_long.msg_iovlen = 1'000'000;
  mmsghdr several{message, 0};
  timespec bad_time{-1, 0};
  const std::string huge(70'000, 'x');
  const std::array<std::function<ssize_t()>, 14> calls = {
      [&] { return ::recv(-1, &byte, 1, 0); },
      [&] { return ::send(-1, &byte, 1, 0); },
      [&] { return ::recv(pipe.ours.get(), &byte, 1, 0); },
      [&] { return ::send(pipe.theirs.get(), &byte, 1, 0); },
      [&] { return ::recv(socket.get(), &byte, 1, 0); },
      [&] { return ::recv(socket.get(), &byte, 1, MSG_WAITALL); },
      [&] { return ::send(socket.get(), &byte, 1, MSG_NOSIGNAL); },
      [&] { return ::sendto(datagrams.get(), &byte, 1, 0, nullptr, 0); },
      [&] { return ::sendto(datagrams.get(), huge.data(), huge.size(), 0, nullptr, 0); },
      [&] { return ::recvmsg(socket.get(), &message, 0); },
      [&] { return ::recvmsg(socket.get(), &too_long, 0); },
      [&] { return ::sendmsg(socket.get(), &too_long, MSG_NOSIGNAL); },
      [&]() -> ssize_t { return ::recvmmsg(datagrams.get(), &several, 1, 0, &bad_time); },
      [&]() -> ssize_t { return ::sendmmsg(datagrams.get(), &several, 1, 0); },
  };
  check_same_errors(calls);
}

TEST_CASE("a receive that succeeds after a wait leaves errno alone") {
  const Pair pair = stream_pair();
  int after = 0;
  on_request_fibers({[&] {
                       errno = EXDEV;
                       char byte;
                       ::recv(pair.ours.get(), &byte, 1, 0);
                       after = errno;
                     },
                     [&] {
                       errno = ENOTEMPTY;
                       ::send(pair.theirs.get(), "x", 1, 0);
                     }});
  CHECK(after == EXDEV);
}
