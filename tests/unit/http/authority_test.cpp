#include "http/authority.hpp"

#include "catch.hpp"

TEST_CASE("a port stands behind the host, not in an IPv6 address") {
  CHECK(http::has_port("a:80"));
  CHECK(http::has_port("[::1]:80"));
  CHECK_FALSE(http::has_port("a"));
  CHECK_FALSE(http::has_port("[::1]"));
}
