// Whole heads in, verdicts out: each row names the rule that decides it.
#include "http/head_parser.hpp"

#include <string>

#include "catch.hpp"

namespace {

struct Case {
  const char* rule;
  std::string text;
  int verdict;  // 0: accepted, or the status of the refusal
};

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }
std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }

int verdict_of(const std::string& text) {
  http::RequestHead head;
  const auto refusal = http::parse_head(text, head);
  return refusal ? refusal->status : 0;
}

}  // namespace

TEST_CASE("a request line is what RFC 9112 section 3 says") {
  const auto [rule, text, verdict] = GENERATE(
      Case{"3.2.1 origin form", line("GET /a?b=c HTTP/1.1"), 0},
      Case{"3.2.2 absolute form", line("GET http://a:80/b HTTP/1.1"), 0},
      Case{"3.2.4 asterisk form", line("OPTIONS * HTTP/1.1"), 0},
      Case{"3.2.4 asterisk is for OPTIONS", line("GET * HTTP/1.1"), 400},
      Case{"3.2.3 authority form is for CONNECT", line("GET a:80 HTTP/1.1"), 400},
      Case{"3.2 a target is no word", line("GET foo HTTP/1.1"), 400},
      Case{"this is no proxy", line("CONNECT a:80 HTTP/1.1"), 501},
      Case{"3 one space", line("GET  / HTTP/1.1"), 400}, Case{"3 one space", line("GET /  HTTP/1.1"), 400},
      Case{"3 no space in the target", line("GET /a b HTTP/1.1"), 400},
      Case{"3986 2.1 percent encoding", line("GET /%4 HTTP/1.1"), 400},
      Case{"3986 2.1 percent encoding", line("GET /%zz HTTP/1.1"), 400},
      Case{"3986 3.5 a fragment is not sent", line("GET /a#b HTTP/1.1"), 400},
      Case{"2.3 the version's form", line("GET / HTTP/1.11"), 400},
      Case{"2.3 the version's form", line("GET / http/1.1"), 400},
      Case{"9110 15.6.6 another major version", line("GET / HTTP/2.0"), 505},
      Case{"9110 15.6.6 another version", line("GET / HTTP/9.9"), 505},
      Case{"9110 15.6.6 another version", line("GET / HTTP/1.2"), 505},
      Case{"3.1 a method is a token", line("G(T / HTTP/1.1"), 400},
      Case{"2.2 one empty line is skipped", "\r\n" + line("GET / HTTP/1.1"), 0},
      Case{"2.2 two are not", "\r\n\r\n" + line("GET / HTTP/1.1"), 400},
      Case{"2.2 lines end with CRLF", "GET / HTTP/1.1\nHost: a\n\n", 400});
  INFO(rule << ": " << text);
  CHECK(verdict_of(text) == verdict);
}

TEST_CASE("fields are what RFC 9112 section 5 says") {
  const auto [rule, text, verdict] = GENERATE(
      Case{"5.1 no space before the colon", get("A : b\r\n"), 400},
      Case{"5 a line has a colon", get("Bad\r\n"), 400}, Case{"5 a name is a token", get("Bad[: x\r\n"), 400},
      Case{"5 a name is a token", get("Transfer-Encoding\xa0: chunked\r\nContent-Length: 3\r\n"), 400},
      Case{"9110 5.5 no NUL in a value", get(std::string("A: b\0c\r\n", 8)), 400},
      Case{"2.2 no bare CR in a value", get("A: b\rc\r\n"), 400},
      Case{"9110 5.5 an empty value is one", get("A:\r\n"), 0},
      Case{"9110 5.5 bytes above ASCII are opaque", get("A: \xc3\xa9\r\n"), 0},
      Case{"9110 5.3 a field may come twice", get("If-Match: \"a\"\r\nIf-Match: \"b\"\r\n"), 0});
  INFO(rule << ": " << text);
  CHECK(verdict_of(text) == verdict);
}

TEST_CASE("a request of HTTP/1.1 has one valid Host") {
  const auto [rule, text, verdict] =
      GENERATE(Case{"3.2 it is there", "GET / HTTP/1.1\r\n\r\n", 400},
               Case{"3.2 but for HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 0},
               Case{"3.2 once", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
               Case{"3.2 without a user", "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", 400},
               Case{"3.2 without a path", "GET / HTTP/1.1\r\nHost: h/p\r\n\r\n", 400},
               Case{"3.2 with a port", "GET / HTTP/1.1\r\nHost: h:8000\r\n\r\n", 0},
               Case{"3.2 with a port of digits", "GET / HTTP/1.1\r\nHost: h:80a\r\n\r\n", 400},
               Case{"3986 3.2.2 no user inside brackets", "GET / HTTP/1.1\r\nHost: [u@h/]\r\n\r\n", 400},
               Case{"3986 3.2.2 an IPv6 address", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0},
               Case{"3.2 it may be empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0});
  INFO(rule << ": " << text);
  CHECK(verdict_of(text) == verdict);
}

TEST_CASE("a body's framing can be read in one way only") {
  const auto [rule, text, verdict] =
      GENERATE(Case{"6.2 a length", get("Content-Length: 5\r\n"), 0},
               Case{"5.5 white space around it", get("Content-Length: \t5\t\r\n"), 0},
               Case{"6.2 digits", get("Content-Length: +5\r\n"), 400},
               Case{"6.2 digits", get("Content-Length: -0\r\n"), 400},
               Case{"6.2 digits", get("Content-Length: 0_5\r\n"), 400},
               Case{"6.2 digits", get("Content-Length: 5, 5\r\n"), 400},
               Case{"6.2 digits", get("Content-Length:\r\n"), 400},
               Case{"6.2 no overflow", get("Content-Length: 18446744073709551617\r\n"), 400},
               Case{"6.3 once", get("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
               Case{"7.1 chunks", get("Transfer-Encoding: chunked\r\n"), 0},
               Case{"7 codings are case-insensitive", get("Transfer-Encoding: Chunked\r\n"), 0},
               Case{"6.1 not with a length", get("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
               Case{"6.1 not with a length", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
               Case{"6.1 a coding that is not served", get("Transfer-Encoding: gzip, chunked\r\n"), 501},
               Case{"6.3 chunked is the last", get("Transfer-Encoding: chunked, gzip\r\n"), 400},
               Case{"6.3 chunked is the last", get("Transfer-Encoding: identity\r\n"), 400},
               Case{"7 chunked is applied once", get("Transfer-Encoding: chunked, chunked\r\n"), 400},
               Case{"6.1 it names a coding", get("Transfer-Encoding:\r\n"), 400},
               Case{"6.1 not in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
               Case{"another field altogether", get("Content_Length: 99\r\n"), 0});
  INFO(rule << ": " << text);
  CHECK(verdict_of(text) == verdict);
}

TEST_CASE("a head is taken apart") {
  http::RequestHead head;
  const std::string text =
      "POST http://example.org/a%20b/c?d=e&f HTTP/1.1\r\nhost: example.org\r\nX-Two:  spaced out \r\n"
      "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
  REQUIRE_FALSE(http::parse_head(text, head));
  CHECK(head.method == "POST");
  CHECK(head.path == "/a%20b/c");
  CHECK(head.query == "d=e&f");
  CHECK(head.minor_version == 1);
  CHECK(head.content_length == 12);
  CHECK(head.expects_continue);
  CHECK(head.find("x-two")->value == "spaced out");
  CHECK(head.find("X-Three") == nullptr);
}

TEST_CASE("a connection is kept as its version and Connection say") {
  struct Wish {
    std::string version, connection;
    bool kept;
  };
  const auto [version, connection, kept] =
      GENERATE(Wish{"1.1", "", true}, Wish{"1.1", "Connection: close\r\n", false},
               Wish{"1.1", "Connection: Upgrade, Close\r\n", false}, Wish{"1.0", "", false},
               Wish{"1.0", "Connection: Keep-Alive\r\n", true},
               Wish{"1.1", "Connection: keep-alive\r\nConnection: close\r\n", false});
  http::RequestHead head;
  const std::string text = "GET / HTTP/" + version + "\r\nHost: a\r\n" + connection + "\r\n";
  REQUIRE_FALSE(http::parse_head(text, head));
  INFO(text);
  CHECK(head.keep_alive == kept);
}

TEST_CASE("Expect is ignored in HTTP/1.0") {
  http::RequestHead head;
  const std::string text = "PUT / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";
  REQUIRE_FALSE(http::parse_head(text, head));
  CHECK_FALSE(head.expects_continue);
}
