#include "base/duration_text.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("a duration reads as an operator would write it") {
  CHECK(base::duration_text(30s) == "30s");
  CHECK(base::duration_text(0ms) == "0s");
  CHECK(base::duration_text(500ms) == "500ms");
  CHECK(base::duration_text(1500ms) == "1500ms");
}
