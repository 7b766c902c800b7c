#include <appserver/detail/format.hpp>
#include <cstdint>
#include <ostream>

#include "catch.hpp"

using appserver::detail::format;

namespace {

struct Point {
  int x, y;
  friend std::ostream& operator<<(std::ostream& out, const Point& point) {
    return out << '(' << point.x << ' ' << point.y << ')';
  }
};

}  // namespace

TEST_CASE("each pair of braces is replaced by the next argument") {
  CHECK(format("{} and {}", 1, "two") == "1 and two");
  CHECK(format("{}{}", std::string("a"), std::string_view("b")) == "ab");
  CHECK(format("{}, {}, {}", true, 'c', Point{1, 2}) == "true, c, (1 2)");
  CHECK(format("{{{}}}", 1) == "{1}");
  CHECK(format("{} {}", INT64_MIN, std::uint8_t{255}) == "-9223372036854775808 255");
}

TEST_CASE("a floating-point number is written in its shortest exact form") {
  CHECK(format("{} {} {}", 5.0, 0.5, 0.1) == "5 0.5 0.1");
  CHECK(format("{} {}", 1000000.0, 1234567890123456.0) == "1000000 1234567890123456");
  CHECK(format("{} {}", 1e300, 1e-9) == "1e+300 1e-09");
  CHECK(format("{} {}", 0.0, -0.25f) == "0 -0.25");
}

TEST_CASE("a text without arguments is taken as it stands") {
  CHECK(format("{}") == "{}");
  CHECK(format("{{ }") == "{{ }");
}

TEST_CASE("a pattern that does not fit its arguments is the plugin's mistake") {
  CHECK_THROWS_AS(format("{}", 1, 2), std::logic_error);
  CHECK_THROWS_AS(format("{} {}", 1), std::logic_error);
  CHECK_THROWS_AS(format("{:x}", 1), std::logic_error);
  CHECK_THROWS_AS(format("{} }", 1), std::logic_error);
  CHECK_THROWS_AS(format("{} {", 1), std::logic_error);
}
