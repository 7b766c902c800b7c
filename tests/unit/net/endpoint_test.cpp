#include "net/endpoint.hpp"

#include <stdexcept>

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;
using net::Endpoint;

TEST_CASE("an address to listen on is read as a host and a port") {
  const Endpoint endpoint = Endpoint::parse("127.0.0.1:8000");
  CHECK(endpoint.kind == Endpoint::Kind::tcp);
  CHECK(endpoint.host == "127.0.0.1");
  CHECK(endpoint.port == 8000);
}

TEST_CASE("a numeric IPv6 address stands in brackets") {
  CHECK(Endpoint::parse("[::1]:80").host == "::1");
  CHECK(Endpoint::parse("[fe80::1%eth0]:80").host == "fe80::1%eth0");
  CHECK_THROWS_WITH(Endpoint::parse("::1:80"), ContainsSubstring("[::1]:8000"));
  CHECK_THROWS_WITH(Endpoint::parse("[localhost]:80"), ContainsSubstring("[::1]:8000"));
}

TEST_CASE("an address without a host listens on every IPv4 address") {
  CHECK(Endpoint::parse(":80") == Endpoint::parse("0.0.0.0:80"));
}

TEST_CASE("a unix socket and an inherited descriptor are addresses too") {
  const Endpoint file = Endpoint::parse("unix:/run/a b:c.sock");
  CHECK(file.kind == Endpoint::Kind::unix_path);
  CHECK(file.path == "/run/a b:c.sock");
  const Endpoint inherited = Endpoint::parse("fd://3");
  CHECK(inherited.kind == Endpoint::Kind::inherited);
  CHECK(inherited.fd == 3);
}

TEST_CASE("an address is written as it is read") {
  const std::string text = GENERATE("127.0.0.1:0", "localhost:65535", "[::1]:8000", "[::]:1", "unix:app.sock",
                                    "fd://3", "my-host.x_y:80");
  CHECK(Endpoint::parse(text).text() == text);
}

TEST_CASE("a wrong address is refused with what a right one looks like") {
  const auto [text, hint] = GENERATE(table<std::string, std::string>({
      {"", "HOST:PORT"},
      {"8000", "HOST:PORT"},
      {"localhost", "HOST:PORT"},
      {"http://localhost:80", "HOST:PORT"},
      {"local host:80", "a host name"},
      {"localhost:", "0 to 65535"},
      {"localhost:65536", "0 to 65535"},
      {"localhost:-1", "0 to 65535"},
      {"localhost:80x", "0 to 65535"},
      {"localhost: 80", "0 to 65535"},
      {"[::1]", "[::1]:8000"},
      {"[::1]80", "[::1]:8000"},
      {"[::1]:", "0 to 65535"},
      {"unix:", "unix:/run/"},
      {"fd://", "fd://3"},
      {"fd://2", "fd://3"},
      {"fd://x", "fd://3"},
      {"unix:/a" + std::string(1, '\0'), "NUL"},
  }));
  CAPTURE(text);
  CHECK_THROWS_AS(Endpoint::parse(text), std::invalid_argument);
  CHECK_THROWS_WITH(Endpoint::parse(text), ContainsSubstring("want") && ContainsSubstring(hint));
}
