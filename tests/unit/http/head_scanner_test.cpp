#include "http/head_scanner.hpp"

#include <string>

#include "catch.hpp"

namespace {

const http::Limits kLimits = {.request_line = 40,
                              .fields = 3,
                              .field_size = 20,
                              .request_body = 0,
                              .connections = 0,
                              .header_timeout = {},
                              .body_timeout = {},
                              .keep_alive = {}};

int refusal_of(const std::string& text, const http::Limits& limits = kLimits) {
  http::HeadScanner scanner;
  const auto result = scanner.scan(text, limits);
  return result.refusal ? result.refusal->status : 0;
}

}  // namespace

TEST_CASE("a head is found wherever its bytes are cut") {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n";
  const std::string input = head + "GET /next";
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    http::HeadScanner scanner;
    const auto first = scanner.scan(std::string_view(input).substr(0, cut), kLimits);
    CHECK(first.head_size == 0);
    CHECK_FALSE(first.refusal);
    CHECK(scanner.scan(input, kLimits).head_size == head.size());
  }
}

TEST_CASE("a byte at a time finds the same head") {
  const std::string head = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
  http::HeadScanner scanner;
  for (std::size_t size = 1; size < head.size(); ++size) {
    REQUIRE(scanner.scan(std::string_view(head).substr(0, size), kLimits).head_size == 0);
  }
  CHECK(scanner.scan(head, kLimits).head_size == head.size());
}

TEST_CASE("each limit has its status, at its very edge") {
  const std::string line = "GET /" + std::string(26, 'x') + " HTTP/1.1";
  REQUIRE(line.size() == 40);
  CHECK(refusal_of(line + "\r\n") == 0);
  CHECK(refusal_of("x" + line + "\r\n") == 414);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: " + std::string(17, 'b') + "\r\n") == 0);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: " + std::string(18, 'b') + "\r\n") == 431);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n") == 0);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n") == 431);
}

TEST_CASE("the lines of a head have a limit together, and there is room for four of the longest") {
  http::Limits limits = kLimits;
  limits.fields = 10'000;
  CHECK(limits.head() == 65'536);
  std::string head = "GET /" + std::string(15, 'x') + " HTTP/1.1\r\n";  // 31 bytes
  while (head.size() < 65'536 - 17) head += "A: 1234567890\r\n";        // 15 each
  head += "A: " + std::string(65'536 - head.size() - 5, 'b') + "\r\n";
  REQUIRE(head.size() == 65'536);
  CHECK(refusal_of(head + "\r\n", limits) == 0);
  CHECK(refusal_of(head + "A:\r\n", limits) == 431);
  limits.field_size = 20'000;
  CHECK(limits.head() == 80'040);
  CHECK(refusal_of(head + "A:\r\n\r\n", limits) == 0);
}

TEST_CASE("a line is refused before it has ended") {
  CHECK(refusal_of("GET /" + std::string(36, 'x')) == 414);
  CHECK(refusal_of(std::string(41, 'x')) == 400);
  CHECK(refusal_of("GET / HTTP/1.1\r\n" + std::string(21, 'x')) == 431);
}

TEST_CASE("obsolete line folding is refused") {
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n") == 400);
  CHECK(refusal_of("GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n") == 400);
}
