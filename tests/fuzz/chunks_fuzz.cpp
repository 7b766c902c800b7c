// A body in chunks comes to the same wherever its bytes are cut and however little room there is for them,
// and in the input's own place.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "fuzz.hpp"
#include "http/chunk_decoder.hpp"
#include "http/token.hpp"

namespace {

constexpr http::Limits kLimits{.request_line = 0,
                               .fields = 5,
                               .field_size = 100,
                               .request_body = 0,
                               .connections = 0,
                               .header_timeout = {},
                               .body_timeout = {},
                               .keep_alive = {}};

struct Decoded {
  std::string body;
  std::size_t consumed = 0;
  bool done = false;
  bool broken = false;
  std::vector<std::pair<std::string, std::string>> trailers;

  bool operator==(const Decoded&) const = default;
};

// Gives the decoder the input as far as `cut`, and then the rest.
Decoded decode(std::string_view input, std::size_t cut, std::size_t room) {
  http::ChunkDecoder decoder(kLimits);
  Decoded decoded;
  std::string output(room, '\0');
  for (;;) {
    const std::size_t end = decoded.consumed < cut ? cut : input.size();
    const auto piece = input.substr(decoded.consumed, end - decoded.consumed);
    const auto result = decoder.decode(piece, output);
    expect(result.consumed <= piece.size() && result.produced <= room, "no more is used than there is");
    decoded.consumed += result.consumed;
    decoded.body.append(output, 0, result.produced);
    decoded.done = decoder.done();
    decoded.broken = decoder.broken();
    expect(!decoded.done || !decoded.broken, "a body has one end");
    if (decoded.done) {
      for (const auto& [name, value] : decoder.trailers()) decoded.trailers.emplace_back(name, value);
    }
    if (decoded.done || decoded.broken || decoded.consumed == input.size()) return decoded;
    expect(result.consumed > 0, "the decoder goes on while there is room");
  }
}

}  // namespace

void fuzz(std::string_view input) {
  const Decoded whole = decode(input, 0, std::max<std::size_t>(input.size(), 1));
  expect(whole.body.size() <= whole.consumed, "a body only shrinks");
  for (std::size_t cut = 1; cut < std::min<std::size_t>(input.size(), 300); ++cut) {
    expect(decode(input, cut, input.size()) == whole, "a cut changes nothing");
  }
  if (!input.empty()) expect(decode(input, 0, 1) == whole, "little room changes nothing");

  std::string place(input);
  http::ChunkDecoder decoder(kLimits);
  const auto result = decoder.decode(place, place);
  expect(place.substr(0, result.produced) == whole.body && result.consumed == whole.consumed,
         "chunks decode in their own place");

  std::string trailers;
  for (const auto& [name, value] : whole.trailers) {
    expect(http::is_token(name) && http::is_field_value(value), "a trailer is a field");
    trailers += name + ": " + value + "\r\n";
  }
  if (!whole.done || whole.body.empty()) return;
  char size[20];
  const int digits = std::snprintf(size, sizeof size, "%zx", whole.body.size());
  const std::string again = std::string(size, static_cast<std::size_t>(digits)) + "\r\n" + whole.body +
                            "\r\n0\r\n" + trailers + "\r\n";
  const Decoded reread = decode(again, 0, again.size());
  // One blank more in a field may be one too many for its limit.
  expect(reread.broken || (reread.body == whole.body && reread.trailers == whole.trailers),
         "what was read reads the same again");
}
