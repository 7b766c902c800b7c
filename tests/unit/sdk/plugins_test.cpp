// The plugins of plugins/, on a host that is not there.
#include <cerrno>
#include <cstdint>

#include "catch.hpp"
#include "fake_host.hpp"
#include "library.hpp"

namespace {

struct Loaded {
  explicit Loaded(const char* file, std::map<std::string, std::string> settings = {}) : library(file) {
    host.settings = std::move(settings);
    result = host.start(library.plugin());
  }

  Library library;  // outlives the host, which stops the plugin
  FakeHost host;
  int result;
};

// The answer of /upstream to a server that sends `incoming`.
appserver_exchange ask_upstream(std::deque<std::string> incoming) {
  Loaded upstream(UPSTREAM_FILE, {{"address", "localhost:9000"}});
  if (upstream.result != 0) FAIL("upstream did not start: " << upstream.host.failure);
  network.incoming = std::move(incoming);
  return upstream.host.get("/upstream");
}

}  // namespace

TEST_CASE("hello greets in text and in JSON") {
  Loaded hello(HELLO_FILE);
  REQUIRE(hello.result == 0);
  CHECK(hello.host.get("/hello").text() == "Hello, World!");
  CHECK(hello.host.get("/hello").header("Content-Type") == "text/plain; charset=utf-8");
  CHECK(hello.host.get("/json").text() == R"({"message":"Hello, World!"})");
  CHECK(hello.host.get("/json").header("Content-Type") == "application/json");
}

TEST_CASE("slow sleeps as long as it is asked to, and refuses what is no such time") {
  Loaded slow(SLOW_FILE);
  REQUIRE(slow.result == 0);
  CHECK(slow.host.get("/slow").text() == "Slept for 5 seconds.");
  CHECK(network.slept == 5'000'000'000);
  CHECK(slow.host.get("/slow", {{"time", "0.5"}}).text() == "Slept for 0.5 seconds.");
  CHECK(network.slept == 500'000'000);
  const std::pair<const char*, const char*> refusals[] = {
      {"abc", "query parameter 'time': 'abc' is not a number"},
      {"-1", "query parameter 'time': -1 is not between 0 and 3600"},
      {"1e9", "query parameter 'time': 1e9 is not between 0 and 3600"}};
  for (const auto& [time, reason] : refusals) {
    const auto answer = slow.host.get("/slow", {{"time", time}});
    CHECK(answer.status == 400);
    CHECK(answer.text() == reason);
  }
  CHECK(network.slept == 500'000'000);
}

TEST_CASE("echo sends each piece back before it reads the next") {
  Loaded echo(ECHO_FILE);
  REQUIRE(echo.result == 0);
  for (const char* method : {"POST", "PUT"}) {
    appserver_exchange exchange;
    exchange.method = method;
    exchange.path = "/echo";
    exchange.headers = {{"Content-Type", "image/png"}};
    exchange.body = {"one", std::string(100'000, 'x')};
    echo.host.call(exchange);
    CHECK(exchange.pieces.front() == "one");
    CHECK(exchange.text() == "one" + std::string(100'000, 'x'));
    CHECK(exchange.header("Content-Type") == "image/png");
  }
  appserver_exchange untyped;
  untyped.method = "POST";
  untyped.path = "/echo";
  untyped.body_result = -EMSGSIZE;
  echo.host.call(untyped);
  CHECK(untyped.status == 413);
}

TEST_CASE("upstream asks in HTTP/1.0 and hands on the answer") {
  const auto answer =
      ask_upstream({"HTTP/1.1 201 Created\r\ncontent-type: text/css\r\nContent-", "Length: 3\r\n\r\nabcd"});
  CHECK(network.connected_to == "localhost 9000");
  CHECK(network.written == "GET / HTTP/1.0\r\nHost: localhost:9000\r\n\r\n");
  CHECK(network.timeout == 10'000'000'000);
  CHECK(network.open == 0);
  CHECK(answer.status == 201);
  CHECK(answer.header("Content-Type") == "text/css");
  CHECK(answer.text() == "abc");
  const auto untyped = ask_upstream({"HTTP/1.0 200 OK\n\nto the end"});
  CHECK(untyped.text() == "to the end");
  CHECK(untyped.answer_headers.empty());
}

TEST_CASE("upstream answers 502 to a bad answer and 504 to none") {
  const std::pair<const char*, const char*> bad[] = {
      {"", "it ended within its head"},
      {"HTTP/1.1 200 OK\r\nA: b\r\n", "it ended within its head"},
      {"SSH-2.0-OpenSSH\r\n\r\n", "it is not HTTP/1"},
      {"HTTP/1.1 2000 OK\r\n\r\n", "it is not HTTP/1"},
      {"HTTP/1.1 101 Switch\r\n\r\n", "its status is not one of 200 to 599"},
      {"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "a line of its head is no header"},
      {"HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", "its head has control characters"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "it is chunked, which HTTP/1.0 has not"},
      {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "its length is no number"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "its body was cut short"}};
  for (const auto& [wire, reason] : bad) {
    const auto answer = *wire == '\0' ? ask_upstream({}) : ask_upstream({wire});
    CHECK(answer.status == 502);
    CHECK(answer.text() == "The upstream server gave a bad answer: " + std::string(reason) + ".");
  }
  CHECK(ask_upstream({std::string(9 << 20, 'x')}).text() == "The upstream server answered too much.");

  Loaded upstream(UPSTREAM_FILE, {{"address", "localhost:9000"}});
  network.connect_result = -ECONNREFUSED;
  const auto refused = upstream.host.get("/upstream");
  CHECK(refused.status == 502);
  CHECK(refused.text() == "The upstream server could not be reached, or broke off.");
  CHECK(upstream.host.log.back().second == "connecting to localhost:9000: Connection refused");
  network.connect_result = 0;
  network.read_result = -ETIMEDOUT;
  CHECK(upstream.host.get("/upstream").status == 504);
}

TEST_CASE("upstream does not start with settings that can't work") {
  const std::pair<std::map<std::string, std::string>, const char*> bad[] = {
      {{}, "setting 'address' is missing: give it in the plugin's section of the configuration file"},
      {{{"address", "localhost"}}, "setting 'address': 'localhost' is not an address such as 127.0.0.1:9000"},
      {{{"address", "a:1"}, {"path", "x"}}, "setting 'path': 'x' does not begin with /"},
      {{{"address", "a:1"}, {"path", "/a b"}},
       "setting 'path': '/a b' has a character that a URL must write as %XX"},
      {{{"address", "a:1"}, {"timeout", "2h"}}, "setting 'timeout': 2h is not between 0.001s and 3600s"}};
  for (const auto& [settings, reason] : bad) {
    const Loaded upstream(UPSTREAM_FILE, settings);
    CHECK(upstream.result < 0);
    CHECK(upstream.host.failure == reason);
  }
}
