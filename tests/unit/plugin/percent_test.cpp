#include "plugin/percent.hpp"

#include "catch.hpp"

using plugin::decode_form;
using plugin::decode_percent;

TEST_CASE("text with nothing encoded is not copied") {
  plugin::TextStore store;
  const std::string_view text = "plain-text_1";
  CHECK(decode_percent(text, store).data() == text.data());
  CHECK(decode_form(text, store).data() == text.data());
  CHECK(store.empty());
}

TEST_CASE("escapes are decoded, and a plus is a space in forms alone") {
  plugin::TextStore store;
  CHECK(decode_percent("a%20b%2Fc%c3%A9", store) == "a b/c\xc3\xa9");
  CHECK(decode_percent("a+b", store) == "a+b");
  CHECK(decode_form("a+b%2B", store) == "a b+");
}

TEST_CASE("a percent sign without two digits stands for itself") {
  plugin::TextStore store;
  CHECK(decode_form("100%", store) == "100%");
  CHECK(decode_form("%4", store) == "%4");
  CHECK(decode_form("%zz%41", store) == "%zzA");
}
