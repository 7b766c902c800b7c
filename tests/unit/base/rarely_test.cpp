#include "base/rarely.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("of many lines one goes out at a time, and says how many did not") {
  base::Rarely lines;
  const base::TimePoint start{};
  CHECK(lines.turn(start) == "");
  CHECK_FALSE(lines.turn(start));
  CHECK_FALSE(lines.turn(start + 9s));
  CHECK(lines.turn(start + 10s) == " (2 more since the last)");
  CHECK(lines.turn(start + 20s) == "");
}
