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
  http::Compressors compressors;
  for (const std::size_t step : {text.size(), std::size_t{32'768}, std::size_t{1000}}) {
    const auto compressor = compressors.lease(http::Coding::gzip);
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
  http::Compressors compressors;
  const auto compressor = compressors.lease(http::Coding::gzip);
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
  http::Compressors compressors;
  compressors.lease(http::Coding::gzip)->compress({}, Then::end, out);
  CHECK(gunzip(out).ended);
  CHECK(gunzip(out).text.empty());
}

TEST_CASE("a compressor that is used again knows nothing of the body before") {
  http::Compressors compressors;
  http::Compressor* first = nullptr;
  {
    const auto compressor = compressors.lease(http::Coding::gzip);
    first = compressor.get();
    std::string lost;
    compressor->compress(lines(1000), Then::more, lost);
  }
  const auto again = compressors.lease(http::Coding::gzip);
  CHECK(again.get() == first);
  std::string out;
  again->compress("fresh", Then::end, out);
  CHECK(gunzip(out).ended);
  CHECK(gunzip(out).text == "fresh");
  CHECK(compressors.lease(http::Coding::gzip).get() != first);
}
