// Decodes the chunked transfer coding (RFC 9112 section 7.1) as its bytes come: strict where leniency would
// let two servers disagree on where a message ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "http/trailer_section.hpp"

namespace http {

class ChunkDecoder {
 public:
  // Trailers are held to the limits of the header section.
  explicit ChunkDecoder(const Limits& limits) : trailers_(limits) {}

  struct Result {
    std::size_t consumed = 0;  // of the input
    std::size_t produced = 0;  // in the output
  };

  // Decodes what fits. It stops where the output is full, the input used up, the body at its end (`done`) or
  // the framing broken (`broken`). The two may begin at the same place: a body only shrinks.
  Result decode(std::string_view input, std::span<char> output);

  bool done() const { return state_ == State::done; }
  bool broken() const { return state_ == State::broken; }

  // The trailer fields of a body that is done: views into the decoder.
  std::vector<Field> trailers() const { return trailers_.fields(); }

 private:
  enum class State {
    size,  // the first digit of a chunk's size
    more_size,
    before_extension,
    extension,  // behind its semicolon
    name,
    after_name,
    before_value,
    value,
    quoted,
    quoted_pair,
    after_quoted,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailers,
    done,
    broken,
  };

  State framing(unsigned char c);
  State count(unsigned char c);
  void pay(std::uint64_t size);

  State state_ = State::size;
  std::uint64_t left_ = 0;      // of the chunk's data
  std::uint64_t overhead_ = 0;  // bytes of framing that no data has paid for
  TrailerSection trailers_;
};

}  // namespace http
