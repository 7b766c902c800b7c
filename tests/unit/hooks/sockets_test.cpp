#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

struct Pair {
  explicit Pair(int flags = 0) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0, ends.data()) != 0)
      throw std::bad_alloc();
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }

  base::UniqueFd ours;
  base::UniqueFd theirs;
};

}  // namespace

TEST_CASE("a hundred fibers wait for their sockets in recv, each woken by its own bytes") {
  std::array<Pair, 100> pairs;
  int right = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 100; ++i) {
    bodies.emplace_back([&, i] {
      char byte = 0;
      if (::recv(pairs[static_cast<std::size_t>(i)].ours.get(), &byte, 1, 0) == 1 && byte == i) ++right;
    });
  }
  bodies.emplace_back([&] {
    for (int i = 99; i >= 0; --i) {
      const char byte = static_cast<char>(i);
      ::send(pairs[static_cast<std::size_t>(i)].theirs.get(), &byte, 1, 0);
    }
  });
  on_request_fibers(bodies);
  CHECK(right == 100);
}

TEST_CASE("a socket that its owner has made non-blocking stays so") {
  const Pair pair(SOCK_NONBLOCK);
  ssize_t result = 0;
  int error = 0;
  on_request_fibers(1, [&](int) {
    char byte;
    result = ::recv(pair.ours.get(), &byte, 1, 0);
    error = errno;
  });
  CHECK(result == -1);
  CHECK(error == EAGAIN);
}

TEST_CASE("SO_RCVTIMEO limits the wait") {
  const Pair pair;
  const timeval limit{0, 20'000};
  ::setsockopt(pair.ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  int error = 0;
  const auto time = on_request_fibers(1, [&](int) {
    char byte;
    if (::recv(pair.ours.get(), &byte, 1, 0) == -1) error = errno;
  });
  CHECK(error == EAGAIN);
  CHECK(time >= 20ms);
}

TEST_CASE("errno is the fiber's own across a wait") {
  const Pair pair;
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
