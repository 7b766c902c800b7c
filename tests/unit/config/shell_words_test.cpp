#include "config/shell_words.hpp"

#include <stdexcept>

#include "catch.hpp"

using config::shell_words;
using Words = std::vector<std::string>;

TEST_CASE("a line is split at blanks") {
  CHECK(shell_words("") == Words{});
  CHECK(shell_words("  ") == Words{});
  CHECK(shell_words(" --bind\t:80\n--workers 4 ") == Words{"--bind", ":80", "--workers", "4"});
}

TEST_CASE("quotes keep blanks, and may stand for nothing") {
  CHECK(shell_words("'a b' \"c d\" e' 'f") == Words{"a b", "c d", "e f"});
  CHECK(shell_words("'' \"\"") == Words{"", ""});
  CHECK(shell_words(R"('a"b' "c'd")") == Words{"a\"b", "c'd"});
}

TEST_CASE("a backslash quotes what follows, as a shell has it") {
  CHECK(shell_words(R"(a\ b \' \\)") == Words{"a b", "'", "\\"});
  CHECK(shell_words(R"('a\b')") == Words{R"(a\b)"});
  CHECK(shell_words(R"("\$\"\\\n")") == Words{R"($"\\n)"});
  CHECK(shell_words("a\\\nb \\\n c") == Words{"ab", "c"});
}

TEST_CASE("a line that ends within a quote is refused") {
  CHECK_THROWS_WITH(shell_words("--bind 'x"), "a ' is not closed");
  CHECK_THROWS_WITH(shell_words("\"x\\\""), "a \" is not closed");
  CHECK_THROWS_AS(shell_words("x\\"), std::invalid_argument);
}
