#include "observe/access_log_format.hpp"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;
using observe::AccessEntry;
using observe::AccessLogFormat;

namespace {

struct Entry final : AccessEntry {
  Entry() {
    client = "192.0.2.1";
    line = "GET /a?b=c HTTP/1.1";
    method = "GET";
    path = "/a";
    query = "b=c";
    protocol = "HTTP/1.1";
    status = 200;
    body_size = 1234;
    took = std::chrono::microseconds(12'345'678);
    ended = 1'769'860'800;  // 2026-01-31 12:00:00 UTC
  }

  std::string_view request_field(std::string_view name) const override { return value(request, name); }
  std::string_view response_field(std::string_view name) const override { return value(response, name); }

  using Fields = std::map<std::string, std::string, std::less<>>;
  static std::string_view value(const Fields& fields, std::string_view name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view() : found->second;
  }
  Fields request, response;
};

std::string line(std::string_view format, const AccessEntry& entry) {
  std::string out;
  AccessLogFormat::parse(format).append(out, entry);
  return out;
}

// For as long as it lives, local time is that of `zone`.
struct TimeZone {
  explicit TimeZone(const char* zone) { set(zone); }
  ~TimeZone() { set(nullptr); }
  static void set(const char* zone) {
    zone ? ::setenv("TZ", zone, 1) : ::unsetenv("TZ");
    ::tzset();
  }
};

}  // namespace

TEST_CASE("each atom stands for what it does in gunicorn") {
  Entry entry;
  entry.request = {{"referer", "http://r/"}, {"user-agent", "agent"}, {"X-Own", "in"}};
  entry.response = {{"X-Own", "out"}};
  struct Row {
    const char* atom;
    std::string text;
  };
  const Row row = GENERATE(
      Row{"%(h)s", "192.0.2.1"}, Row{"%(l)s", "-"}, Row{"%(u)s", "-"}, Row{"%(r)s", "GET /a?b=c HTTP/1.1"},
      Row{"%(m)s", "GET"}, Row{"%(U)s", "/a"}, Row{"%(q)s", "b=c"}, Row{"%(H)s", "HTTP/1.1"},
      Row{"%(s)s", "200"}, Row{"%(B)s", "1234"}, Row{"%(b)s", "1234"}, Row{"%(f)s", "http://r/"},
      Row{"%(a)s", "agent"}, Row{"%(T)s", "12"}, Row{"%(M)s", "12345"}, Row{"%(D)s", "12345678"},
      Row{"%(D)d", "12345678"}, Row{"%(L)s", "12.345678"}, Row{"%({X-Own}i)s", "in"},
      Row{"%({X-Own}o)s", "out"}, Row{"%({X-None}i)s", "-"}, Row{"%({X-None}o)s", "-"}, Row{"100%%", "100%"},
      Row{"", ""}, Row{"text\tonly", "text\tonly"});
  CHECK(line(row.atom, entry) == row.text);
  CHECK(line("%(p)s", entry) == "<" + std::to_string(::getpid()) + ">");
}

TEST_CASE("the default is the combined log format, in local time") {
  const TimeZone newfoundland("NST+03:30");
  Entry entry;
  entry.request = {{"authorization", "Basic YWRhOnNlY3JldA=="}, {"user-agent", "agent"}};
  CHECK(line(AccessLogFormat::kDefault, entry) ==
        R"(192.0.2.1 - ada [31/Jan/2026:08:30:00 -0330] "GET /a?b=c HTTP/1.1" 200 1234 "-" "agent")");
}

TEST_CASE("what is missing is a dash") {
  struct Nothing final : AccessEntry {
    std::string_view request_field(std::string_view) const override { return {}; }
    std::string_view response_field(std::string_view) const override { return {}; }
  };
  const Nothing nothing;
  CHECK(line("%(h)s %(u)s %(r)s %(m)s %(U)s %(q)s %(H)s %(b)s %(f)s %(a)s", nothing) ==
        "- - - - - - - - - -");
  CHECK(line("%(B)s %(D)s %(L)s", nothing) == "0 0 0.000000");
}

TEST_CASE("a variable of the environment is read with the format") {
  ::setenv("APPSERVER_TEST_NAME", "blue \"42\"", 1);
  const AccessLogFormat format =
      AccessLogFormat::parse("%({APPSERVER_TEST_NAME}e)s %({APPSERVER_TEST_NONE}e)s");
  ::unsetenv("APPSERVER_TEST_NAME");
  std::string out;
  format.append(out, Entry());
  CHECK(out == "blue \"42\" -");
}

TEST_CASE("a client can't forge a line, or the end of what stands in quotes") {
  Entry entry;
  entry.line = "GET /\" 200 HTTP/1.1";
  entry.request = {{"user-agent", "a\r\nb\t\\\x7f\xc3\xa9\x1b[0m"}};
  CHECK(line("%(r)s|%(a)s", entry) == R"(GET /\x22 200 HTTP/1.1|a\x0D\x0Ab\x09\x5C\x7F\xC3\xA9\x1B[0m)");
  entry.line = std::string_view("\0", 1);
  CHECK(line("%(r)s", entry) == R"(\x00)");
}

TEST_CASE("a user is what Basic authentication says, and one word") {
  struct Row {
    const char *authorization, *user;
  };
  const Row row = GENERATE(Row{"Basic YWRhOnNlY3JldA==", "ada"}, Row{"basic YWRhOnNlY3JldA==", "ada"},
                           Row{"Basic   YWRhOnNlY3JldA", "ada"}, Row{"Basic YSBiOmM=", R"(a\x20b)"},
                           Row{"Basic YSIKYjpj", R"(a\x22\x0Ab)"}, Row{"Basic w6k6YQ==", R"(\xC3\xA9)"},
                           Row{"Basic OnNlY3JldA==", "-"}, Row{"Basic YWRh", "-"}, Row{"Basic", "-"},
                           Row{"Basic ", "-"}, Row{"Basic !!!!", "-"}, Row{"Basic YW!hOmI=", "-"},
                           Row{"Bearer YWRhOnNlY3JldA==", "-"}, Row{"", "-"});
  CAPTURE(row.authorization);
  Entry entry;
  entry.request = {{"authorization", row.authorization}};
  CHECK(line("%(u)s", entry) == row.user);
}

TEST_CASE("a format that is wrong says where, and what is right") {
  struct Row {
    const char *format, *said;
  };
  const Row row = GENERATE(
      Row{"%(h)s %(x)s",
          "at character 7: %(x)s: want one of h l u t r m U q H s B b f a T M D L p, or {FIELD}i"},
      Row{"%h", "at character 1: want an atom such as %(h)s"}, Row{"100%", "at character 4: want an atom"},
      Row{"%(h", "at character 1: want an atom"}, Row{"%(h)", "at character 1: want an atom"},
      Row{"%()s", "want one of"}, Row{"%(hh)s", "want one of"}, Row{"%({}i)s", "want one of"},
      Row{"%({a}x)s", "want one of"}, Row{"%(h)d", "%(h)d: want an s behind the bracket"},
      Row{"%(h)x", "want an s behind the bracket"},
      Row{"a\nb", "at character 2: a log's line has no control"});
  CAPTURE(row.format);
  CHECK_THROWS_WITH(AccessLogFormat::parse(row.format), ContainsSubstring(row.said));
}
