#include "config/help.hpp"

#include <sstream>

#include "catch.hpp"
#include "config/options.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("the help has each option with its default") {
  const std::string text = config::help();
  for (const config::Option& option : config::options()) {
    CHECK_THAT(text, ContainsSubstring("--" + std::string(option.name)));
    if (!option.fallback.empty()) CHECK_THAT(text, ContainsSubstring(std::string(option.fallback) + "]"));
  }
  CHECK_THAT(text, ContainsSubstring("\n  -w, --workers N|auto  "));
}

TEST_CASE("the help is grouped, and its last words are examples") {
  const std::string text = config::help();
  std::size_t last = 0;
  for (const char* group :
       {"Plugins", "Listening", "Workers", "Timeouts", "Limits", "Logging", "Other", "Examples"}) {
    const std::size_t at = text.find('\n' + std::string(group) + ":\n");
    CAPTURE(group);
    REQUIRE(at != text.npos);
    CHECK(at > last);
    last = at;
  }
  CHECK_THAT(text.substr(last), ContainsSubstring("appserver --plugin slow.so --workers 4"));
}

TEST_CASE("the help fits into 80 columns") {
  std::istringstream lines(config::help());
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
    CHECK_FALSE(line.ends_with(' '));
  }
}
