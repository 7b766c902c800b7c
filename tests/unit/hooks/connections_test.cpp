#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "catch.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

extern "C" int __connect(int, const sockaddr*, socklen_t);

namespace {

base::UniqueFd new_socket(int family, int type = SOCK_STREAM) {
  return base::UniqueFd(checked(::socket(family, type | SOCK_CLOEXEC, 0)));
}

// A socket that listens on the loopback, and its address.
struct Listener {
  explicit Listener(int backlog) {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    checked(::bind(socket.get(), generic(), size));
    checked(::getsockname(socket.get(), generic(), &size));
    checked(::listen(socket.get(), backlog));
  }
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address); }
  int connect(int from) { return ::connect(from, generic(), sizeof address); }

  sockaddr_in address{};
  base::UniqueFd socket = new_socket(AF_INET);
};

struct UnixListener {
  explicit UnixListener(int backlog) {
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
    checked(::bind(socket.get(), generic(), sizeof address));
    checked(::listen(socket.get(), backlog));
  }
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address); }
  int connect(int from) { return ::connect(from, generic(), sizeof address); }

  TemporaryFolder folder;
  sockaddr_un address{};
  base::UniqueFd socket = new_socket(AF_UNIX);
};

bool is_non_blocking(int socket) { return ::fcntl(socket, F_GETFL) & O_NONBLOCK; }

}  // namespace

TEST_CASE("fibers accept what other fibers connect, and no socket's flags are changed") {
  Listener listener(100);
  int accepted = 0;
  int connected = 0;
  int changed = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 50; ++i) {
    bodies.emplace_back([&, i] {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const base::UniqueFd socket(
          i % 2 ? ::accept(listener.socket.get(), reinterpret_cast<sockaddr*>(&from), &size)
                : ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
      char byte = 0;
      if (socket && ::read(socket.get(), &byte, 1) == 1) ++accepted;
      if (is_non_blocking(socket.get()) || is_non_blocking(listener.socket.get())) ++changed;
    });
  }
  for (int i = 0; i < 50; ++i) {
    bodies.emplace_back([&, i] {
      const base::UniqueFd socket = new_socket(AF_INET);
      const int result = i % 2 ? listener.connect(socket.get())
                               : __connect(socket.get(), listener.generic(), sizeof listener.address);
      if (result == 0 && ::write(socket.get(), "x", 1) == 1) ++connected;
      if (is_non_blocking(socket.get())) ++changed;
    });
  }
  on_request_fibers(bodies);
  CHECK(accepted == 50);
  CHECK(connected == 50);
  CHECK(changed == 0);
}

TEST_CASE("SO_RCVTIMEO limits an accept, and O_NONBLOCK forbids its wait") {
  Listener listener(1);
  int limited = 0;
  int forbidden = 0;
  const auto time = on_request_fibers(1, [&](int) {
    const timeval limit{0, 20'000};
    ::setsockopt(listener.socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::accept(listener.socket.get(), nullptr, nullptr) == -1) limited = errno;
    ::fcntl(listener.socket.get(), F_SETFL, O_NONBLOCK);
    if (::accept(listener.socket.get(), nullptr, nullptr) == -1) forbidden = errno;
  });
  CHECK(limited == EAGAIN);
  CHECK(forbidden == EAGAIN);
  CHECK(time >= 20ms);
}

TEST_CASE("SO_SNDTIMEO limits a connect that nobody answers, and its next call goes on waiting") {
  Listener listener(0);
  std::vector<base::UniqueFd> queued;
  for (int i = 0; i < 3; ++i) {  // more than the queue holds: the last is never answered
    queued.push_back(new_socket(AF_INET));
    ::fcntl(queued.back().get(), F_SETFL, O_NONBLOCK);
    listener.connect(queued.back().get());
  }
  const base::UniqueFd socket = new_socket(AF_INET);
  const timeval limit{0, 20'000};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  int first = 0;
  int second = 0;
  const auto time = on_request_fibers(1, [&](int) {
    if (listener.connect(socket.get()) == -1) first = errno;
    if (listener.connect(socket.get()) == -1) second = errno;
  });
  CHECK(first == EINPROGRESS);
  // The kernel says EALREADY in the second place; so do we where a wait is over that another call began.
  CHECK((second == EALREADY || second == EINPROGRESS));
  CHECK(time >= 40ms);
}

TEST_CASE("a unix socket whose queue is full is connected when there is room") {
  UnixListener listener(0);
  const base::UniqueFd first = new_socket(AF_UNIX);
  checked(listener.connect(first.get()));
  int result = -1;
  bool waited = false;
  const base::UniqueFd second = new_socket(AF_UNIX);
  on_request_fibers({[&] { result = listener.connect(second.get()); },
                     [&] {
                       ::usleep(5'000);
                       waited = result == -1;
                       ::close(::accept(listener.socket.get(), nullptr, nullptr));
                     }});
  CHECK(waited);
  CHECK(result == 0);
}

TEST_CASE("SO_SNDTIMEO limits the wait for a unix socket's queue") {
  UnixListener listener(0);
  const base::UniqueFd first = new_socket(AF_UNIX);
  checked(listener.connect(first.get()));
  const base::UniqueFd second = new_socket(AF_UNIX);
  const timeval limit{0, 20'000};
  ::setsockopt(second.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  int error = 0;
  const auto time = on_request_fibers(1, [&](int) {
    if (listener.connect(second.get()) == -1) error = errno;
  });
  CHECK(error == EAGAIN);
  CHECK(time >= 20ms);
}

TEST_CASE("connections fail as they do with the real calls") {
  Listener closed(1);
  closed.socket.reset();
  Listener open(10);
  sockaddr_un nowhere{};
  nowhere.sun_family = AF_UNIX;
  std::strcpy(nowhere.sun_path, "/nonexistent/socket");
  const Pair pipe = pipe_pair();
  const std::array<std::function<int()>, 9> calls = {
      [&] { return closed.connect(new_socket(AF_INET).get()); },
      [&] { return closed.connect(-1); },
      [&] { return closed.connect(pipe.ours.get()); },
      [&] {
        return ::connect(new_socket(AF_UNIX).get(), reinterpret_cast<sockaddr*>(&nowhere), sizeof nowhere);
      },
      [&] {
        const base::UniqueFd socket = new_socket(AF_INET);
        open.connect(socket.get());
        return open.connect(socket.get());
      },
      [&] {
        const base::UniqueFd socket = new_socket(AF_INET);
        closed.connect(socket.get());
        return open.connect(socket.get());
      },
      [&] { return ::accept(-1, nullptr, nullptr); },
      [&] { return ::accept(new_socket(AF_INET).get(), nullptr, nullptr); },
      [&] { return ::accept(new_socket(AF_INET, SOCK_DGRAM).get(), nullptr, nullptr); },
  };
  check_same_outcomes(calls, [](const Outcome&) {});
}
