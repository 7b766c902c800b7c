#include "config/values.hpp"

#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "config/cores.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace config;
using namespace std::chrono_literals;

TEST_CASE("a duration takes ms, s, m and h, and is in seconds without") {
  const Range<Milliseconds> range{0ms, 24h};
  CHECK(parse_duration("500ms", range) == 500ms);
  CHECK(parse_duration("30s", range) == 30s);
  CHECK(parse_duration("5m", range) == 5min);
  CHECK(parse_duration("1h", range) == 1h);
  CHECK(parse_duration("30", range) == 30s);
  CHECK(parse_duration("0", range) == 0s);
}

TEST_CASE("a wrong duration is refused with the range") {
  const std::string text = GENERATE("", "x", "s", "-1s", "1.5s", "30 s", " 30s", "30S", "1d", "0", "0ms",
                                    "1441m", "86401", "99999999999999999999", "18446744073709551615h");
  CAPTURE(text);
  CHECK_THROWS_AS(parse_duration(text, {1ms, 24h}), std::invalid_argument);
  CHECK_THROWS_WITH(parse_duration(text, {1ms, 24h}),
                    "want a time from 1ms to 24h, such as 500ms, 30s or 5m");
}

TEST_CASE("a duration that may be off says so") {
  CHECK_THROWS_WITH(parse_duration("never", {0ms, 90s}),
                    "want a time from 0 to 90s, such as 500ms, 30s or 5m; 0 is off");
}

TEST_CASE("a size takes K, M and G, and is in bytes without") {
  const Range<std::uint64_t> range{0, 1u << 31};
  CHECK(parse_size("512", range) == 512);
  CHECK(parse_size("64K", range) == 65'536);
  CHECK(parse_size("8M", range) == 8'388'608);
  CHECK(parse_size("1G", range) == 1'073'741'824);
}

TEST_CASE("a wrong size is refused with the range") {
  const std::string text = GENERATE("", "K", "8k", "8MB", "8 M", "-8M", "0x10", "63", "64K1", "65K",
                                    "18446744073709551615G", "99999999999999999999");
  CAPTURE(text);
  CHECK_THROWS_WITH(parse_size(text, {64, 65'536}), "want a size from 64 to 64K, such as 512, 64K or 8M");
}

TEST_CASE("a count is a whole number within its range") {
  CHECK(parse_count("1", {1, 65'535}) == 1);
  CHECK(parse_count("65535", {1, 65'535}) == 65'535);
  for (const char* text : {"", "0", "65536", "-1", "+1", "1.0", "many", "1K"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_count(text, {1, 65'535}), "want a whole number from 1 to 65535");
  }
}

TEST_CASE("workers are counted, or as many as there are cores") {
  CHECK(parse_workers("4") == 4);
  CHECK(parse_workers("auto") == usable_cores());
  for (const char* text : {"0", "257", "many", "AUTO"}) {
    CHECK_THROWS_WITH(parse_workers(text), "want a whole number from 1 to 256, or auto");
  }
}

TEST_CASE("a log level goes by its name") {
  CHECK(parse_log_level("debug") == base::LogLevel::debug);
  CHECK(parse_log_level("critical") == base::LogLevel::critical);
  CHECK_THROWS_WITH(parse_log_level("loud"), ContainsSubstring("debug, info, warning, error or critical"));
}

TEST_CASE("what proxies write and speak goes by its names") {
  CHECK(parse_forwarded_header("forwarded") == net::ForwardedHeader::forwarded);
  CHECK(parse_proxy_protocol("auto") == net::ProxyProtocol::automatic);
  CHECK_THROWS_WITH(parse_forwarded_header("Forwarded"), "want auto, forwarded or x-forwarded");
  CHECK_THROWS_WITH(parse_proxy_protocol("on"), "want off, v1, v2 or auto");
}

TEST_CASE("a switch is on or off") {
  CHECK(parse_switch("on"));
  CHECK_FALSE(parse_switch("off"));
  for (const char* text : {"", "On", "true", "1"}) CHECK_THROWS_WITH(parse_switch(text), "want on or off");
}

TEST_CASE("codings are gzip and br, each once, in the order of preference") {
  CHECK(parse_codings("off").empty());
  CHECK(parse_codings("gzip") == std::vector<std::string>{"gzip"});
#ifdef APPSERVER_BROTLI
  CHECK(parse_codings("br, gzip") == std::vector<std::string>{"br", "gzip"});
  constexpr const char* kWrong[] = {"", "on", "zip", "gzip,", "gzip gzip", "br,br", "off,gzip"};
#else
  constexpr const char* kWrong[] = {"", "on", "zip", "gzip,", "gzip gzip", "br", "off,gzip"};
#endif
  for (const char* text : kWrong) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_codings(text), ContainsSubstring("want off") && ContainsSubstring("br"));
  }
}

TEST_CASE("media types have at most one star in each") {
  CHECK(parse_media_types("text/*, *JSON,a/b.c+d") == std::vector<std::string>{"text/*", "*json", "a/b.c+d"});
  for (const char* text : {"", "text", "text/*,", "*/*", "a/b/c", "a/b;c=d"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_media_types(text), ContainsSubstring("such as text/*"));
  }
}
