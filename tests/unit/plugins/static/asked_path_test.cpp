#include "asked_path.hpp"

#include "catch.hpp"

namespace {

struct Case {
  const char* decoded;
  const char* path;  // "" where nothing is served; a slash at its end where a folder was asked for
};

std::string read(const std::string& sent, const std::string& decoded, bool hidden = false) {
  const auto asked = AskedPath::read(sent, decoded, hidden);
  return asked ? asked->path + (asked->as_folder ? "/" : "") : "";
}

void check(const std::vector<Case>& cases, bool hidden = false) {
  for (const auto& [decoded, path] : cases) {
    CAPTURE(decoded);
    CHECK(read("/" + std::string(decoded), decoded, hidden) == path);
  }
}

}  // namespace

TEST_CASE("a path is taken as it is, with or without a slash at its end") {
  check({{"", "./"},
         {"a", "a"},
         {"a/", "a/"},
         {"a/b.txt", "a/b.txt"},
         {"a b/\xc3\xa4", "a b/\xc3\xa4"},
         {"a\\..\\b", "a\\..\\b"},  // a name like another
         {"...a", ""},
         {"a..b", "a..b"}});
}

TEST_CASE("no path climbs, and none has a hole") {
  const std::vector<Case> cases = {{"..", ""},     {"../", ""},       {"../a", ""}, {"a/..", ""},
                                   {"a/../b", ""}, {"a/../../b", ""}, {".", ""},    {"./a", ""},
                                   {"a/.", ""},    {"a/./b", ""},     {"/", ""},    {"//", ""},
                                   {"/a", ""},     {"a//b", ""},      {"a//", ""},  {"/etc/passwd", ""}};
  check(cases);
  check(cases, true);
}

TEST_CASE("an encoded slash and a NUL are in no name") {
  for (const char* sent : {"/a%2fb", "/a%2Fb", "/..%2f..%2fetc/passwd", "/a%2f"}) {
    CAPTURE(sent);
    CHECK(read(sent, "a/b").empty());
  }
  CHECK(read("/a.txt%00.png", std::string("a.txt\0.png", 10)).empty());
  CHECK(read("/%00", std::string(1, '\0')).empty());
}

TEST_CASE("hidden names are served where they are wanted, and .well-known always") {
  check({{".env", ""},
         {".git/config", ""},
         {"a/.b", ""},
         {"a/.b/c", ""},
         {".well-known/acme", ".well-known/acme"},
         {".well-known/", ".well-known/"},
         {".well-known/.a", ""},
         {"a/.well-known/b", ""}});
  check({{".env", ".env"}, {"a/.b/c", "a/.b/c"}, {"...", "..."}}, true);
}
