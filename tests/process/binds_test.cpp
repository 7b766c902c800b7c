// Where a server listens.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

bool machine_has_ipv6() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

}  // namespace

TEST_CASE("IPv4, IPv6 and a unix socket are served together, on ports that are printed") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  const std::string path = (server.folder() / "socket").string();
  Server::Words options{"--plugin", "hello.so", "--bind", "127.0.0.1:0", "--bind", "unix:" + path};
  const bool ipv6 = machine_has_ipv6();  // a container may have none
  if (ipv6) options.insert(options.end(), {"-b", "[::1]:0"});
  server.start(options);
  for (std::size_t bind = 0; bind < (ipv6 ? 3 : 2); ++bind) {
    CHECK(server.connect(bind).get("/hello").body == "Hello, World!");
  }
  CHECK(server.address(0).port != 0);
  CHECK(server.address(1).path == path);
}

TEST_CASE("a unix socket's file goes with the server, and one that was left behind is replaced") {
  Server server;
  const std::string path = (server.folder() / "socket").string();
  server.start_with({"hello.so"}, {"--bind", "unix:" + path});
  server.signal(SIGKILL);
  server.wait_for_exit();
  server.wait_until_all_gone();
  CHECK(std::filesystem::exists(path));

  Server next;
  next.start_with({"hello.so"}, {"--bind", "unix:" + path});
  CHECK(next.get("/hello") == "Hello, World!");
  next.signal(SIGTERM);
  CHECK(next.wait_for_exit() == 0);
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a port in use is an error that says so") {
  Server first, second;
  first.start_with({"hello.so"});
  second.put_plugin("hello.so", "hello.so");
  const std::string bind = "127.0.0.1:" + std::to_string(first.address().port);
  CHECK(second.run({"--plugin", "hello.so", "--bind", bind}) == 1);
  const std::string line = second.wait_for(bind);
  CAPTURE(line);
  CHECK(line.find("in use") != std::string::npos);
  CHECK(first.get("/hello") == "Hello, World!");
}
