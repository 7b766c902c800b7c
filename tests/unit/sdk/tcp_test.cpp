#include <appserver/tcp.hpp>
#include <cerrno>
#include <chrono>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;
using namespace std::chrono_literals;

namespace {

struct Started {
  Started() {
    REQUIRE(host.start([](App&) {}) == 0);
  }
  FakeHost host;
};

// What a failed call says of itself.
template <typename Call>
std::pair<std::errc, std::string> failure(Call call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return {static_cast<std::errc>(error.code().value()), error.what()};
  }
  return {};
}

}  // namespace

TEST_CASE("an address is HOST:PORT, with brackets around IPv6") {
  for (const char* text : {"127.0.0.1:80", "db.example:5432", "[::1]:65535"}) {
    CAPTURE(text);
    REQUIRE(TcpAddress::parse(text));
    CHECK(TcpAddress::parse(text)->text() == text);
  }
  CHECK(TcpAddress::parse("[::1]:80")->host == "::1");
  for (const char* text : {"", "host", "host:", ":80", "host:0", "host:65536", "host:http", "::1:80", "[::1]",
                           "[]:80", "[host]:80", "a b:80"}) {
    CAPTURE(text);
    CHECK_FALSE(TcpAddress::parse(text));
  }
}

TEST_CASE_METHOD(Started, "a stream connects, writes, reads to the end and closes once") {
  network.incoming = {"one ", "two"};
  {
    auto stream = TcpStream::connect("[::1]:80", 5s);
    CHECK(network.connected_to == "::1 80");
    CHECK(network.timeout == 5'000'000'000);
    auto moved = std::move(stream);
    moved.set_timeout(250ms);
    CHECK(network.timeout == 250'000'000);
    moved.write("hello");
    CHECK(network.written == "hello");
    CHECK(moved.read_all(7) == "one two");
    CHECK(network.open == 1);
  }
  CHECK(network.open == 0);
}

TEST_CASE_METHOD(Started, "a connection that fails says where to and why") {
  network.connect_result = -ECONNREFUSED;
  const auto refused = failure([] { TcpStream::connect("localhost", 81, 1s); });
  CHECK(refused.first == std::errc::connection_refused);
  CHECK(refused.second == "connecting to localhost:81: Connection refused");
  network.connect_result = -ENOENT;
  const auto unknown = failure([] { TcpStream::connect("nowhere:81", 1s); });
  CHECK(unknown.second.find("no address found for nowhere:81") == 0);
  CHECK_THROWS_AS(TcpStream::connect("nowhere", 1s), std::invalid_argument);
}

TEST_CASE_METHOD(Started, "a stream that breaks, or gives more than is wanted, throws") {
  auto stream = TcpStream::connect("a:1", 1s);
  network.incoming = {"12345678"};
  CHECK(failure([&] { stream.read_all(7); }).first == std::errc::message_size);
  network.read_result = -ETIMEDOUT;
  const auto late = failure([&] { stream.read_all(7); });
  CHECK(late.first == std::errc::timed_out);
  CHECK(late.second == "reading from a:1: Connection timed out");
}
