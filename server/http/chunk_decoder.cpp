#include "http/chunk_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "http/token.hpp"

namespace http {
namespace {

// Extensions carry nothing that is used. A body may have as much framing as it has data, a little for each
// chunk, and this much more.
constexpr std::uint64_t kMostOverhead = 8 * 1024;
constexpr std::uint64_t kFreePerChunk = 16;

bool is_space(unsigned char c) { return c == ' ' || c == '\t'; }

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
      pay(size);
      if (left_ == 0) state_ = State::data_cr;
    } else if (state_ == State::trailers) {
      trailers_.take(input[result.consumed++]);
      if (trailers_.done()) state_ = State::done;
      if (trailers_.broken()) state_ = State::broken;
    } else {
      state_ = ++overhead_ > kMostOverhead ? State::broken
                                           : framing(static_cast<unsigned char>(input[result.consumed]));
      ++result.consumed;
    }
  }
  return result;
}

void ChunkDecoder::pay(std::uint64_t size) { overhead_ -= std::min(overhead_, size); }

// chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF; the last chunk and the trailer section end the body.
// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
ChunkDecoder::State ChunkDecoder::framing(unsigned char c) {
  const bool token = is_token_char(static_cast<char>(c));
  const bool text = is_field_char(static_cast<char>(c));
  switch (state_) {
    case State::size:
      left_ = 0;
      return count(c);
    case State::more_size:
      if (c == '\r') return State::size_lf;
      if (c == ';') return State::extension;
      return is_space(c) ? State::before_extension : count(c);
    case State::before_extension:
      if (c == ';') return State::extension;
      return is_space(c) ? State::before_extension : State::broken;
    case State::extension:
      if (token) return State::name;
      return is_space(c) ? State::extension : State::broken;
    case State::name:
      if (token) return State::name;
      if (c == '\r') return State::size_lf;
      [[fallthrough]];
    case State::after_name:
      if (c == '=') return State::before_value;
      if (c == ';') return State::extension;
      return is_space(c) ? State::after_name : State::broken;
    case State::before_value:
      if (c == '"') return State::quoted;
      if (token) return State::value;
      return is_space(c) ? State::before_value : State::broken;
    case State::value:
      if (token) return State::value;
      [[fallthrough]];
    case State::after_quoted:
      if (c == '\r') return State::size_lf;
      if (c == ';') return State::extension;
      return is_space(c) ? State::before_extension : State::broken;
    case State::quoted:
      if (c == '"') return State::after_quoted;
      if (c == '\\') return State::quoted_pair;
      return text ? State::quoted : State::broken;
    case State::quoted_pair:
      return text ? State::quoted : State::broken;
    case State::size_lf:
      if (c != '\n') return State::broken;
      pay(kFreePerChunk);
      return left_ > 0 ? State::data : State::trailers;
    case State::data_cr:
      return c == '\r' ? State::data_lf : State::broken;
    case State::data_lf:
      return c == '\n' ? State::size : State::broken;
    case State::data:
    case State::trailers:
    case State::done:
    case State::broken:
      break;
  }
  return State::broken;
}

// Adds a digit to the chunk's size; one that would not fit is an error, never another size.
ChunkDecoder::State ChunkDecoder::count(unsigned char c) {
  const int digit = hex_value(static_cast<char>(c));
  if (digit < 0 || left_ > (std::numeric_limits<std::uint64_t>::max() >> 4)) return State::broken;
  left_ = left_ << 4 | static_cast<unsigned>(digit);
  return State::more_size;
}

}  // namespace http
