// The chunked coding however it is cut; what is accepted and what is refused stands in tests/wire.
#include "http/chunk_decoder.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "catch.hpp"

namespace {

const http::Limits kLimits{.request_line = 0,
                           .fields = 5,
                           .field_size = 100,
                           .request_body = 0,
                           .connections = 0,
                           .header_timeout = {},
                           .body_timeout = {},
                           .keep_alive = {}};

struct Decoded {
  std::string body;
  std::string verdict;  // "done", "broken" or "more"
  std::size_t consumed = 0;
};

// Feeds the decoder `step` bytes at a time.
Decoded decode(const std::string& input, std::size_t step, std::size_t room = 64) {
  http::ChunkDecoder decoder(kLimits);
  Decoded decoded;
  std::string output(room, '\0');
  while (decoded.consumed < input.size() && !decoder.done() && !decoder.broken()) {
    const auto result =
        decoder.decode(std::string_view(input).substr(decoded.consumed, step), {output.data(), room});
    decoded.consumed += result.consumed;
    decoded.body.append(output, 0, result.produced);
  }
  decoded.verdict = decoder.done() ? "done" : decoder.broken() ? "broken" : "more";
  return decoded;
}

}  // namespace

TEST_CASE("chunks are put together, however they are cut") {
  const std::string input =
      "5\r\nHello\r\n00A;x=\"a;\\\"b\"\r\n, wide wor\r\n2 ; y\r\nld\r\n0\r\nT: x\r\n\r\n";
  for (std::size_t step = 1; step <= input.size(); ++step) {
    const auto decoded = decode(input + "GET /", step);
    CHECK(decoded.body == "Hello, wide world");
    CHECK(decoded.verdict == "done");
    CHECK(decoded.consumed == input.size());
  }
}

TEST_CASE("a full output stops the decoder where it is") {
  const auto decoded = decode("b\r\nHello world\r\n0\r\n\r\n", 100, 3);
  CHECK(decoded.body == "Hello world");
  CHECK(decoded.verdict == "done");
}

TEST_CASE("chunks decode in their own place") {
  std::string input = "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\nrest";
  http::ChunkDecoder decoder(kLimits);
  const auto result = decoder.decode(input, input);
  CHECK(input.substr(0, result.produced) == "abcdef");
  CHECK(decoder.done());
  CHECK(input.substr(result.consumed) == "rest");
}

TEST_CASE("the largest size is counted, and nothing is read past it") {
  CHECK(decode("ffffffffffffffff\r\nx", 100).body == "x");
}

TEST_CASE("extensions have a bound") {
  CHECK(decode("5;" + std::string(10'000, 'x'), 4096).verdict == "broken");
  std::string padded;
  for (int i = 0; i < 100; ++i) padded += "1;" + std::string(200, 'x') + "\r\na\r\n";
  CHECK(decode(padded, 4096).verdict == "broken");
}

TEST_CASE("trailers are held to the limits of headers, at their very edge") {
  const auto verdict = [](const std::string& trailers) {
    return decode("0\r\n" + trailers + "\r\n", 4096).verdict;
  };
  CHECK(verdict("A: " + std::string(97, 'x') + "\r\n") == "done");
  CHECK(verdict("A: " + std::string(98, 'x') + "\r\n") == "broken");
  CHECK(verdict("A:\r\nA:\r\nA:\r\nA:\r\nA:\r\n") == "done");
  CHECK(verdict("A:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n") == "broken");
  CHECK(decode("0\r\n" + std::string(101, 'x'), 4096).verdict == "broken");
}

TEST_CASE("chunks of a byte each are no abuse") {
  std::string input;
  for (int i = 0; i < 10'000; ++i) input += "1\r\na\r\n";
  CHECK(decode(input + "0\r\n\r\n", 4096).verdict == "done");
}
