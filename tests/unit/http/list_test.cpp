#include "http/list.hpp"

#include <string>

#include "catch.hpp"

namespace {

// The elements, each in brackets.
std::string elements_of(std::string_view list) {
  std::string text;
  http::for_each_element(list, [&](std::string_view element) { text += "[" + std::string(element) + "]"; });
  return text;
}

}  // namespace

TEST_CASE("a list has its elements without the blanks around them, and no empty ones") {
  CHECK(elements_of("").empty());
  CHECK(elements_of(" \t").empty());
  CHECK(elements_of(",,").empty());
  CHECK(elements_of("a") == "[a]");
  CHECK(elements_of("a,b c,d") == "[a][b c][d]");
  CHECK(elements_of(" ,\ta \t, , b,") == "[a][b]");
}

TEST_CASE("fields of one name are one list") {
  http::RequestHead head;
  for (const char* value : {"a, b", "", "c"}) head.fields.push_back({"Connection", value});
  head.fields.push_back({"Connections", "d"});
  std::string text;
  http::for_each_element(head, "connection", [&](std::string_view element) { text += element; });
  CHECK(text == "abc");
}

TEST_CASE("what stands before a mark is taken off with it") {
  std::string_view rest = " gzip ; q=0.5;x";
  CHECK(http::take_before(rest, ';') == "gzip");
  CHECK(http::take_before(rest, ';') == "q=0.5");
  CHECK(http::take_before(rest, ';') == "x");
  CHECK(rest.empty());
  CHECK(http::take_before(rest, ';').empty());
}
