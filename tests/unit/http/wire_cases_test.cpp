// The table of wire cases, fed to the scanner, the parser and the chunk decoder as a connection does it.
#include "wire_cases.hpp"

#include <algorithm>
#include <array>

#include "catch.hpp"
#include "http/chunk_decoder.hpp"
#include "http/head_parser.hpp"
#include "http/head_scanner.hpp"

namespace {

const http::Limits kLimits{.request_line = 8190,
                           .fields = 100,
                           .field_size = 8190,
                           .request_body = 8 << 20,
                           .connections = 1,
                           .header_timeout = {},
                           .body_timeout = {},
                           .keep_alive = {}};

// What is read of a connection's bytes: the verdict on the first request, and what is left for the next one.
struct Read {
  int status = 200;
  bool closes = true;
  std::string words;
  std::string rest;
};

Read refuse(const http::Refusal& refusal) {
  CHECK_FALSE(refusal.reason.empty());
  return {refusal.status, true, {}, {}};
}

// Gives the scanner `step` bytes at a time.
http::HeadScanner::Result scan(std::string_view input, std::size_t step) {
  http::HeadScanner scanner;
  http::HeadScanner::Result result;
  for (std::size_t size = 0; size < input.size() && result.head_size == 0 && !result.refusal;) {
    size = std::min(size + step, input.size());
    result = scanner.scan(input.substr(0, size), kLimits);
  }
  return result;
}

Read read(std::string_view input, std::size_t step) {
  const auto scanned = scan(input, step);
  if (scanned.refusal) return refuse(*scanned.refusal);
  REQUIRE(scanned.head_size > 0);
  http::RequestHead head;
  if (const auto refusal = http::parse_head(input.substr(0, scanned.head_size), head))
    return refuse(*refusal);
  if (head.content_length > kLimits.request_body) return refuse({413, "too long"});

  std::string_view rest = input.substr(scanned.head_size);
  std::string body(rest.substr(0, head.content_length.value_or(0)));
  rest.remove_prefix(body.size());
  if (head.chunked) {
    http::ChunkDecoder decoder(kLimits);
    body.resize(rest.size());
    const auto decoded = decoder.decode(rest, body);
    if (!decoder.done()) return refuse({400, "badly framed"});
    body.resize(decoded.produced);
    rest.remove_prefix(decoded.consumed);
  }
  std::string target(head.path);
  if (!head.query.empty()) target.append("?").append(head.query);
  const http::Field* const host = head.find("host");
  const std::string words =
      words_of(std::string(head.method), target, std::string(host ? host->value : ""), body);
  return {200, !head.keep_alive, words, std::string(rest)};
}

}  // namespace

TEST_CASE("each request on the wire is read in one way, or refused") {
  const std::string behind = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const auto& [rule, bytes, verdict] : wire_cases()) {
    for (const std::size_t step : {bytes.size() + behind.size(), std::size_t{1}}) {
      INFO(rule << "\n" << bytes.substr(0, 300));
      const Read found = read(bytes + behind, step);
      CHECK(found.status == verdict.status);
      CHECK(found.closes == verdict.closes);
      if (verdict.status != 200) continue;
      CHECK(found.words == verdict.reads);
      CHECK(found.rest == behind);
    }
  }
}
