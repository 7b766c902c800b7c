#include "pairs.hpp"

#include <netinet/in.h>
#include <pty.h>
#include <sys/socket.h>
#include <unistd.h>

#include <termios.h>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "request_fibers.hpp"

int checked(int result) {
  if (result == -1) throw std::system_error(errno, std::generic_category());
  return result;
}

namespace {

sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

sockaddr_in bind_to_loopback(int socket) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(::bind(socket, generic(address), sizeof address));
  socklen_t size = sizeof address;
  checked(::getsockname(socket, generic(address), &size));
  return address;
}

}  // namespace

Pair socket_pair(int type) {
  std::array<int, 2> ends{};
  checked(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()));
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

Pair pipe_pair() {
  std::array<int, 2> ends{};
  checked(::pipe2(ends.data(), O_CLOEXEC));
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

Pair tcp_pair() {
  const base::UniqueFd listener(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  sockaddr_in address = bind_to_loopback(listener.get());
  checked(::listen(listener.get(), 1));
  Pair pair;
  pair.theirs.reset(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  checked(::connect(pair.theirs.get(), generic(address), sizeof address));
  pair.ours.reset(checked(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)));
  return pair;
}

Pair udp_pair() {
  Pair pair{base::UniqueFd(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))),
            base::UniqueFd(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)))};
  sockaddr_in ours = bind_to_loopback(pair.ours.get());
  sockaddr_in theirs = bind_to_loopback(pair.theirs.get());
  checked(::connect(pair.ours.get(), generic(theirs), sizeof theirs));
  checked(::connect(pair.theirs.get(), generic(ours), sizeof ours));
  return pair;
}

Pair terminal_pair() {
  int master = -1;
  int slave = -1;
  termios settings{};
  ::cfmakeraw(&settings);
  settings.c_cc[VMIN] = 1;
  checked(::openpty(&master, &slave, nullptr, &settings, nullptr));
  return {base::UniqueFd(slave), base::UniqueFd(master)};
}

int woken_by_their_bytes(Pair (*make)(), const std::function<bool(int, char)>& wait) {
  std::vector<Pair> pairs;
  for (int i = 0; i < 100; ++i) pairs.push_back(make());
  int right = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 100; ++i) {
    bodies.emplace_back([&, i] {
      if (wait(pairs[static_cast<std::size_t>(i)].ours.get(), static_cast<char>(i))) ++right;
    });
  }
  bodies.emplace_back([&] {
    for (int i = 99; i >= 0; --i) {
      const char byte = static_cast<char>(i);
      checked(static_cast<int>(::write(pairs[static_cast<std::size_t>(i)].theirs.get(), &byte, 1)));
    }
  });
  on_request_fibers(bodies);
  return right;
}
