#include <appserver/http_date.hpp>

#include "catch.hpp"

using appserver::http_date;
using appserver::parse_http_date;

TEST_CASE("a time is written as HTTP has it") {
  CHECK(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(1'709'164'800) == "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST_CASE("all three forms of a date are read") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784'111'777);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == 784'111'777);
  CHECK(parse_http_date("Wed Nov 16 08:49:37 1994") == 784'111'777 + 864'000);
}

TEST_CASE("a year of two digits is never more than 50 years ahead") {
  const std::time_t in_2026 = 1'767'225'600;
  CHECK(parse_http_date("Friday, 01-Jan-27 00:00:00 GMT", in_2026) == 1'798'761'600);
  CHECK(parse_http_date("Wednesday, 01-Jan-76 00:00:00 GMT", in_2026) == 3'345'062'400);
  CHECK(parse_http_date("Saturday, 01-Jan-77 00:00:00 GMT", in_2026) == 220'924'800);
}

TEST_CASE("what is no date is none") {
  for (const char* text :
       {"", "now", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Fri, 30 Feb 2024 00:00:00 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994", "Sun, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text));
  }
  CHECK_FALSE(parse_http_date(std::string_view("Sun, 06 Nov 1994 08:49:37 GMT\0", 30)));
}
