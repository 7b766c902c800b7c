#include "http/chunk_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace http {
namespace {

// Extensions and trailers carry nothing that is used; this bounds what a client may send of them.
constexpr std::uint32_t kMostOverhead = 8 * 1024;

int hex_value(unsigned char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_field_text(unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); }

}  // namespace

ChunkDecoder::Result ChunkDecoder::decode(std::string_view input, std::span<char> output) {
  Result result;
  while (result.consumed < input.size() && !done() && !broken()) {
    if (state_ == State::data) {
      const std::uint64_t size =
          std::min<std::uint64_t>({left_, input.size() - result.consumed, output.size() - result.produced});
      if (size == 0) break;
      std::memmove(output.data() + result.produced, input.data() + result.consumed, size);
      result.consumed += size;
      result.produced += size;
      left_ -= size;
      overhead_ = 0;
      if (left_ == 0) state_ = State::data_cr;
    } else {
      state_ = ++overhead_ > kMostOverhead ? State::broken
                                           : framing(static_cast<unsigned char>(input[result.consumed]));
      ++result.consumed;
    }
  }
  return result;
}

// chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF; last-chunk and trailers end the body.
ChunkDecoder::State ChunkDecoder::framing(unsigned char c) {
  switch (state_) {
    case State::size:
      left_ = 0;
      return hex_value(c) < 0 ? State::broken : count(c, State::more_size);
    case State::more_size:
      if (hex_value(c) >= 0) return count(c, State::more_size);
      if (c == '\r') return State::size_lf;
      if (c == ';') return State::extension;
      return c == ' ' || c == '\t' ? State::before_extension : State::broken;
    case State::before_extension:  // "bad" white space, valid before an extension alone
      if (c == ';') return State::extension;
      return c == ' ' || c == '\t' ? State::before_extension : State::broken;
    case State::extension:
      if (c == '\r') return State::size_lf;
      if (c == '"') return State::quoted;
      return is_field_text(c) ? State::extension : State::broken;
    case State::quoted:
      if (c == '"') return State::extension;
      if (c == '\\') return State::quoted_pair;
      return is_field_text(c) ? State::quoted : State::broken;
    case State::quoted_pair:
      return is_field_text(c) ? State::quoted : State::broken;
    case State::size_lf:
      if (c != '\n') return State::broken;
      return left_ > 0 ? State::data : State::trailer;
    case State::data_cr:
      return c == '\r' ? State::data_lf : State::broken;
    case State::data_lf:
      return c == '\n' ? State::size : State::broken;
    case State::trailer:
      if (c == '\r') return State::last_lf;
      return is_field_text(c) && c != ' ' && c != '\t' ? State::trailer_line : State::broken;
    case State::trailer_line:
      if (c == '\r') return State::trailer_lf;
      return is_field_text(c) ? State::trailer_line : State::broken;
    case State::trailer_lf:
      return c == '\n' ? State::trailer : State::broken;
    case State::last_lf:
      return c == '\n' ? State::done : State::broken;
    case State::data:
    case State::done:
    case State::broken:
      break;
  }
  return State::broken;
}

// Adds a digit to the chunk's size; one that would not fit is an error, never another size.
ChunkDecoder::State ChunkDecoder::count(unsigned char c, State then) {
  if (left_ > (std::numeric_limits<std::uint64_t>::max() >> 4)) return State::broken;
  left_ = left_ << 4 | static_cast<unsigned>(hex_value(c));
  return then;
}

}  // namespace http
