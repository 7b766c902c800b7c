#include <appserver/value.hpp>
#include <chrono>
#include <cstdint>

#include "catch.hpp"

using namespace appserver;
using namespace std::chrono_literals;

namespace {

Value query(std::optional<std::string_view> text) { return {Value::kQuery, "time", text}; }

// What the client is told when `read` refuses `text`.
template <typename Read>
std::string refusal(std::string_view text, Read read) {
  try {
    read(query(text));
  } catch (const BadRequest& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a value that is absent is nothing, and missing only where it is required") {
  CHECK_FALSE(query({}).has());
  CHECK(query({}).as<double>().value_or(5) == 5);
  CHECK_FALSE(query({}).as<int>(1, 2).has_value());
  CHECK_THROWS_WITH(query({}).required<int>(), "query parameter 'time' is missing");
  CHECK_THROWS_AS(query({}).required<int>(1, 2), BadRequest);
}

TEST_CASE("a value is read as the type that is asked for") {
  CHECK(query("2.5").as<double>() == 2.5);
  CHECK(query("-7").as<int>() == -7);
  CHECK(query("18446744073709551615").required<std::uint64_t>() == UINT64_MAX);
  CHECK(query("two words").as<std::string>() == "two words");
  CHECK(query("").required<std::string_view>().empty());
  CHECK(query("yes").as<bool>() == true);
  CHECK(query("off").as<bool>() == false);
}

TEST_CASE("a duration is read with its unit, or in seconds") {
  CHECK(query("500ms").as<Seconds>() == Seconds(500ms));
  CHECK(query("1.5").as<Seconds>() == Seconds(1500ms));
  CHECK(query("5m").as<Seconds>() == Seconds(5min));
  CHECK(query("2h").as<Seconds>(1s, 2h) == Seconds(2h));
  const auto seconds = [](const Value& value) { value.as<Seconds>(1ms, 1h); };
  CHECK(refusal("2h", seconds) == "query parameter 'time': 2h is not between 0.001s and 3600s");
  for (const char* text : {"", "s", "5x", "5 s", "5sm", "-1s", "1e308h"}) {
    CAPTURE(text);
    CHECK(refusal(text, seconds).find("is not a duration such as") != std::string::npos);
  }
}

TEST_CASE("a text that is not a number is refused, with the text in the refusal") {
  const auto number = [](const Value& value) { value.as<double>(); };
  CHECK(refusal("abc", number) == "query parameter 'time': 'abc' is not a number");
  for (const char* text : {"", " 5", "5 ", "5s", "+5", "0x10", "nan", "inf", "-inf", "1e", "1,5"}) {
    CAPTURE(text);
    CHECK(refusal(text, number) == "query parameter 'time': '" + std::string(text) + "' is not a number");
  }
  CHECK(refusal("1e999", number) == "query parameter 'time': '1e999' is too large or too small");
  CHECK(refusal("1.5", [](const Value& value) { value.as<int>(); }) ==
        "query parameter 'time': '1.5' is not a whole number");
  CHECK(refusal("maybe", [](const Value& value) { value.as<bool>(); }) ==
        "query parameter 'time': 'maybe' is not true or false");
}

TEST_CASE("a number out of its range is refused, with the range in the refusal") {
  const auto hour = [](const Value& value) { value.as<double>(0, 3600); };
  CHECK(refusal("3600", hour) == "accepted");
  CHECK(refusal("-1", hour) == "query parameter 'time': -1 is not between 0 and 3600");
  CHECK(refusal("1e9", hour) == "query parameter 'time': 1e9 is not between 0 and 3600");
  const auto byte = [](const Value& value) { value.as<std::uint8_t>(); };
  CHECK(refusal("256", byte) == "query parameter 'time': 256 is not between 0 and 255");
  CHECK(refusal("-1", byte) == "query parameter 'time': -1 is not between 0 and 255");
  CHECK(refusal("-x", byte) == "query parameter 'time': '-x' is not a whole number");
}

TEST_CASE("a refusal shows a long or unprintable text in part only") {
  const auto number = [](const Value& value) { value.as<int>(); };
  CHECK(refusal("a\r\nb", number) == "query parameter 'time': 'a??b' is not a whole number");
  CHECK(refusal(std::string(1000, 'x'), number) ==
        "query parameter 'time': '" + std::string(60, 'x') + "...' is not a whole number");
}

TEST_CASE("a setting that is wrong is no fault of the client's") {
  const Value setting(Value::kSetting, "address", "nowhere");
  CHECK_THROWS_WITH(setting.refuse("is not HOST:PORT"), "setting 'address': 'nowhere' is not HOST:PORT");
  try {
    setting.as<int>();
    FAIL("it was accepted");
  } catch (const HttpError&) {
    FAIL("it is an answer");
  } catch (const std::runtime_error& error) {
    CHECK(std::string(error.what()) == "setting 'address': 'nowhere' is not a whole number");
  }
}
