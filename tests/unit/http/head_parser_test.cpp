// What is made of a head that is accepted; which are, and which are refused, stands in tests/wire.
#include "http/head_parser.hpp"

#include <string>

#include "catch.hpp"

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
