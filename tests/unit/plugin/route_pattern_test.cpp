#include "plugin/route_pattern.hpp"

#include <stdexcept>

#include "catch.hpp"

using plugin::RoutePattern;

TEST_CASE("a pattern reads back as it was written") {
  const std::string text =
      GENERATE(as<std::string>(), "/", "/hello", "/users/{id}", "/users/{id}/", "/a/{b}/c/{rest...}");
  CHECK(RoutePattern::parse(text).text() == text);
}

TEST_CASE("patterns that differ in parameters' names have one shape") {
  CHECK(RoutePattern::parse("/a/{b}").shape() == RoutePattern::parse("/a/{c}").shape());
  CHECK(RoutePattern::parse("/a/{b}").shape() != RoutePattern::parse("/a/b").shape());
  CHECK(RoutePattern::parse("/a/{b}").shape() != RoutePattern::parse("/a/{b...}").shape());
}

TEST_CASE("a pattern that can't be matched is refused") {
  const std::string text = GENERATE(as<std::string>(), "", "hello", "/a?b", "/a{b}", "/{a}b", "/{}", "/{...}",
                                    "/{a...}/b", "/{a}/{a}", "/{a", "/a}");
  INFO(text);
  CHECK_THROWS_AS(RoutePattern::parse(text), std::invalid_argument);
}
