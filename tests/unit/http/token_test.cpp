#include "http/token.hpp"

#include "catch.hpp"

TEST_CASE("tokens are compared without the case of ASCII letters, and of nothing else") {
  CHECK(http::same_token("Content-Type", "content-TYPE"));
  CHECK_FALSE(http::same_token("content-type", "content_type"));
  CHECK_FALSE(http::same_token("host", "hosts"));
  CHECK_FALSE(http::same_token("[", "{"));
}

TEST_CASE("a token has no separators, and is not empty") {
  CHECK(http::is_token("X-Own_1.5!"));
  CHECK_FALSE(http::is_token(""));
  CHECK_FALSE(http::is_token("a b"));
  CHECK_FALSE(http::is_token("a:b"));
  CHECK_FALSE(http::is_token("\xc3\xa9"));
}

TEST_CASE("a field's value has no control characters but the tab") {
  CHECK(http::is_field_value("a\tb \xc3\xa9"));
  CHECK_FALSE(http::is_field_value("a\r\nb"));
  CHECK_FALSE(http::is_field_value(std::string_view("a\0b", 3)));
  CHECK_FALSE(http::is_field_value("\x7f"));
}
