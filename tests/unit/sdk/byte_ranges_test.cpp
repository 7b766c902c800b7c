#include <appserver/byte_ranges.hpp>

#include "catch.hpp"

using namespace appserver;

namespace {

// What a Range of ten bytes comes to: `2+3 7+1`, each first byte with its size; `none` for 416, `whole` where
// it is not heeded.
std::string read(const std::string& value, std::uint64_t whole = 10) {
  const auto ranges = parse_byte_ranges(value, whole);
  if (!ranges) return "whole";
  std::string text;
  for (const auto& range : *ranges) {
    text += (text.empty() ? "" : " ") + std::to_string(range.first) + "+" + std::to_string(range.size);
  }
  return text.empty() ? "none" : text;
}

}  // namespace

TEST_CASE("a range of bytes is read as RFC 9110 section 14.1.2 has it") {
  const std::pair<const char*, const char*> cases[] = {{"bytes=0-4", "0+5"},
                                                       {"bytes=0-0", "0+1"},
                                                       {"bytes=9-9", "9+1"},
                                                       {"bytes=3-", "3+7"},
                                                       {"bytes=-3", "7+3"},
                                                       {"bytes=-30", "0+10"},
                                                       {"bytes=5-100", "5+5"},
                                                       {"BYTES=0-4", "0+5"},
                                                       {"bytes=0-1,4-5, 8-", "0+2 4+2 8+2"},
                                                       {"bytes=8-9,0-1", "8+2 0+2"},
                                                       {"bytes= 0-1 ,\t, 4-5,", "0+2 4+2"},
                                                       {"bytes=0-1,20-30", "0+2"},
                                                       {"bytes=0-18446744073709551616", "0+10"},
                                                       {"bytes=-99999999999999999999", "0+10"}};
  for (const auto& [value, ranges] : cases) {
    CAPTURE(value);
    CHECK(read(value) == ranges);
  }
}

TEST_CASE("a range of what is not there is told from one that is not heeded") {
  for (const char* value :
       {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-", "bytes=10-,-0"}) {
    CAPTURE(value);
    CHECK(read(value) == "none");
  }
  for (const char* value : {"", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=4-3", "bytes=a-b", "bytes=1",
                            "bytes=0-1-2", "bytes=+1-2", "bytes=0x1-2", "bytes=1 - 2", "bytes=0-1;2-3",
                            "lines=0-4", "bytes =0-4", "bytes=0-1,x", "bytes=0--1"}) {
    CAPTURE(value);
    CHECK(read(value) == "whole");
  }
}

TEST_CASE("ranges that come to more than the whole are not heeded") {
  CHECK(read("bytes=0-,0-") == "whole");
  CHECK(read("bytes=0-5,5-9") == "whole");
  CHECK(read("bytes=0-5,0-3") == "0+6 0+4");
}

TEST_CASE("too many ranges are not heeded") {
  std::string value = "bytes=0-0";
  for (std::size_t i = 1; i < kMostRanges; ++i)
    value += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  CHECK(parse_byte_ranges(value, 1000)->size() == kMostRanges);
  CHECK_FALSE(parse_byte_ranges(value + ",-1", 1000));
}

TEST_CASE("a range of what is empty is not heeded") {
  for (const char* value : {"bytes=0-", "bytes=-5", "bytes=0-0"}) CHECK(read(value, 0) == "whole");
}

TEST_CASE("a range says where it stands") { CHECK(ByteRange{2, 3}.content_range(10) == "bytes 2-4/10"); }
