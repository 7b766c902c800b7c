#include "net/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <string>
#include <type_traits>

#include "catch.hpp"
#include "net/unix_socket.hpp"
#include "temporary_folder.hpp"

using Catch::Matchers::ContainsSubstring;
using net::Endpoint;
using net::Listener;

namespace {

constexpr int kBacklog = 16;

Listener listen(const std::string& address) { return Listener(Endpoint::parse(address), kBacklog); }

std::string port_of(const Listener& listener) {
  const std::string url = listener.url();
  return url.substr(url.rfind(':') + 1);
}

bool has_ipv6() {
  try {
    listen("[::1]:0");
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

// A client's connection, and the server's side of it.
struct Connection {
  base::UniqueFd client, server;

  explicit Connection(const Listener& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    client.reset(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    pollfd ready{listener.fd(), POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 5'000) == 1);
    server.reset(::accept(listener.fd(), nullptr, nullptr));
    REQUIRE(server);
  }
};

// One that does not wait for its connection.
struct Client {
  base::UniqueFd fd;
  int error;  // of the connection, so far

  explicit Client(const Listener& listener) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    fd.reset(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    error = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 ? 0 : errno;
  }
  bool is_connected() const {
    pollfd ready{fd.get(), POLLOUT, 0};
    return error == 0 || (error == EINPROGRESS && ::poll(&ready, 1, 0) == 1);
  }
  bool is_refused() const {
    if (error == ENOENT) return true;
    pollfd ready{fd.get(), POLLOUT, 0};
    REQUIRE(::poll(&ready, 1, 20'000) == 1);
    int outcome = 0;
    socklen_t size = sizeof outcome;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &outcome, &size);
    return outcome == ECONNREFUSED;
  }
};

}  // namespace

TEST_CASE("port 0 is told as the port that clients can reach") {
  const Listener listener = listen("127.0.0.1:0");
  CHECK_THAT(listener.url(), Catch::Matchers::StartsWith("http://127.0.0.1:"));
  CHECK(port_of(listener) != "0");
  CHECK(listener.endpoint().port == 0);
  CHECK(Connection(listener).server);
}

TEST_CASE("accepted connections send small answers at once") {
  const Listener listener = listen("127.0.0.1:0");
  const Connection connection(listener);
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  REQUIRE(::getsockopt(connection.server.get(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size) == 0);
  CHECK(no_delay != 0);
}

TEST_CASE("a listener does not block, and is closed in a program that is executed") {
  const Listener listener = listen("127.0.0.1:0");
  CHECK((::fcntl(listener.fd(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(listener.fd(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a port in use is an error that says what to do") {
  const Listener first = listen("127.0.0.1:0");
  const std::string address = "127.0.0.1:" + port_of(first);
  CHECK_THROWS_WITH(listen(address),
                    "cannot listen on " + address +
                        ": the address is in use; stop the other server or choose another with --bind");
}

TEST_CASE("IPv4 and IPv6 share a port number") {
  if (!has_ipv6()) return;
  const Listener six = listen("[::]:0");
  CHECK_THAT(six.url(), Catch::Matchers::StartsWith("http://[::]:"));
  CHECK(listen("0.0.0.0:" + port_of(six)).fd() >= 0);
}

TEST_CASE("an address that is not this machine's, or no address at all, is an error by name") {
  CHECK_THROWS_WITH(listen("192.0.2.1:0"),
                    ContainsSubstring("192.0.2.1:0") && ContainsSubstring("no such address"));
  CHECK_THROWS_WITH(listen("no-such-host.invalid:0"), ContainsSubstring("no-such-host.invalid:0"));
}

TEST_CASE("the socket file left by a server that was killed is replaced") {
  const TemporaryFolder folder;
  const std::string address = "unix:" + folder / "app.sock";
  { const Listener killed = listen(address); }
  REQUIRE(std::filesystem::is_socket(folder / "app.sock"));
  const Listener listener = listen(address);
  CHECK(listener.url() == address);
  CHECK(Connection(listener).server);
}

TEST_CASE("the socket file of a living server is refused and kept") {
  const TemporaryFolder folder;
  const std::string address = "unix:" + folder / "app.sock";
  const Listener living = listen(address);
  CHECK_THROWS_WITH(listen(address), ContainsSubstring(address) && ContainsSubstring("in use"));
  CHECK(Connection(living).server);
}

TEST_CASE("a file that is not a socket is never removed") {
  const TemporaryFolder folder;
  const std::string file = folder.write("app.sock", "precious");
  CHECK_THROWS_WITH(listen("unix:" + file), ContainsSubstring("not a socket"));
  CHECK(std::filesystem::file_size(file) == 8);
}

TEST_CASE("a socket file is removed by the listener that made it, and by no other") {
  const TemporaryFolder folder;
  const std::string path = folder / "app.sock";
  const Listener first = listen("unix:" + path);
  std::filesystem::rename(path, folder / "aside.sock");
  const Listener second = listen("unix:" + path);
  first.turn_away();
  CHECK(std::filesystem::is_socket(path));
  second.turn_away();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a listener that turns away serves who has come, and refuses who comes once it is closed") {
  const TemporaryFolder folder;
  for (const std::string& address : {std::string("127.0.0.1:0"), "unix:" + folder / "app.sock"}) {
    CAPTURE(address);
    std::optional<Listener> listener(listen(address));
    const Client early(*listener);
    REQUIRE(early.is_connected());
    listener->turn_away();
    const Client late(*listener);
    base::UniqueFd server(::accept(listener->fd(), nullptr, nullptr));
    CHECK(server);
    CHECK(::send(early.fd.get(), "ping", 4, MSG_NOSIGNAL) == 4);
    char bytes[4];
    CHECK(::recv(server.get(), bytes, sizeof bytes, MSG_WAITALL) == 4);
    CHECK_FALSE(late.is_connected());
    listener.reset();
    CHECK(late.is_refused());
  }
}

TEST_CASE("an inherited descriptor is served if it is a listening stream socket") {
  const Listener made = listen("127.0.0.1:0");
  const int copy = ::dup(made.fd());
  const Listener inherited = listen("fd://" + std::to_string(copy));
  CHECK(inherited.fd() == copy);
  CHECK(inherited.url() == made.url());
  CHECK(Connection(inherited).server);
}

TEST_CASE("an inherited descriptor that is not a listening stream socket is refused and left open") {
  const base::UniqueFd datagrams(::socket(AF_INET, SOCK_DGRAM, 0));
  const base::UniqueFd idle(::socket(AF_INET, SOCK_STREAM, 0));
  const base::UniqueFd file(::open("/dev/null", O_RDONLY));
  for (const base::UniqueFd* fd : {&datagrams, &idle, &file}) {
    CHECK_THROWS_WITH(listen("fd://" + std::to_string(fd->get())),
                      ContainsSubstring("not a listening stream socket"));
    CHECK(::fcntl(fd->get(), F_GETFD) >= 0);
  }
  CHECK_THROWS_WITH(listen("fd://987654"),
                    ContainsSubstring("fd://987654") && ContainsSubstring("inherited"));
}

TEST_CASE("a listener can be moved into a table") {
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<Listener>);
  Listener first = listen("127.0.0.1:0");
  const std::string url = first.url();
  const Listener second = std::move(first);
  CHECK(second.url() == url);
}
