#include "http/compressor.hpp"

#include "catch.hpp"
#include "gunzip.hpp"

namespace {

using Then = http::Compressor::Then;

// Text that compresses, but not to nothing.
std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "line " + std::to_string(i * 2654435761u) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is compressed can be read again, in any pieces") {
  const std::string text = lines(20'000);
  for (const std::size_t step : {text.size(), std::size_t{32'768}, std::size_t{1000}}) {
    const auto compressor = http::make_compressor(http::Coding::gzip);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += step) {
      compressor->compress(std::string_view(text).substr(at, step), Then::more, out);
    }
    compressor->compress({}, Then::end, out);
    CHECK(out.size() < text.size() / 2);
    const auto read = gunzip(out);
    CHECK(read.ended);
    CHECK(read.text == text);
  }
}

TEST_CASE("a piece that is flushed can be read before the next") {
  const auto compressor = http::make_compressor(http::Coding::gzip);
  std::string out;
  for (const char* expected : {"one", "onetwo", "onetwo"}) {
    compressor->compress(std::string_view(expected).substr(gunzip(out).text.size()), Then::flush, out);
    CHECK(gunzip(out).text == expected);
  }
  const std::string random = lines(50'000);
  compressor->compress(random, Then::flush, out);
  CHECK(gunzip(out).text == "onetwo" + random);
  CHECK_FALSE(gunzip(out).ended);
  compressor->compress({}, Then::end, out);
  CHECK(gunzip(out).ended);
}

TEST_CASE("an empty body is compressed, too") {
  std::string out;
  http::make_compressor(http::Coding::gzip)->compress({}, Then::end, out);
  CHECK(gunzip(out).ended);
  CHECK(gunzip(out).text.empty());
}
