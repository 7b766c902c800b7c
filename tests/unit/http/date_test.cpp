#include "http/date.hpp"

#include <ctime>
#include <string>

#include "catch.hpp"

TEST_CASE("the date is now, in the form of RFC 9110") {
  const std::string text(http::date_now());
  std::tm parsed{};
  const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parsed);
  REQUIRE(end != nullptr);
  CHECK(*end == '\0');
  const std::time_t age = std::time(nullptr) - ::timegm(&parsed);
  CHECK(age >= 0);
  CHECK(age <= 2);
}
