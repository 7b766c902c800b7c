#include "http/authority.hpp"

#include "catch.hpp"

TEST_CASE("a port stands behind the host, not in an IPv6 address") {
  CHECK(http::is_authority_with_port("a:80"));
  CHECK(http::is_authority_with_port("[::1]:80"));
  CHECK_FALSE(http::is_authority_with_port("a"));
  CHECK_FALSE(http::is_authority_with_port("a:"));
  CHECK_FALSE(http::is_authority_with_port("[::1]"));
}

TEST_CASE("a second port makes an authority none") {
  CHECK(http::is_authority("a:80"));
  CHECK_FALSE(http::is_authority("a:80:8443"));
  CHECK_FALSE(http::is_authority("a::8443"));
  CHECK_FALSE(http::is_authority("::1:8443"));
}
