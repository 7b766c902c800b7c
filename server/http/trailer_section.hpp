// The trailer section behind the last chunk of a body (RFC 9112 section 7.1.2), read as its bytes come. Part
// of a ChunkDecoder.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "http/limits.hpp"
#include "http/request_head.hpp"

namespace http {

class TrailerSection {
 public:
  // Held to the limits of the header section.
  explicit TrailerSection(const Limits& limits)
      : most_fields_(limits.fields), most_field_size_(limits.field_size), most_size_(limits.head()) {}

  // Takes the next byte, until it is done or broken.
  void take(char c);

  bool done() const { return state_ == State::done; }
  bool broken() const { return state_ == State::broken; }

  // The fields of a section that is done, in their order: views into it. Those that are left out mean
  // something in front of a body alone.
  std::vector<Field> fields() const;

 private:
  enum class State { line, name, value, line_lf, last_lf, done, broken };
  State next(char c) const;

  std::size_t most_fields_;
  std::size_t most_field_size_;
  std::size_t most_size_;

  State state_ = State::line;
  std::string text_;  // the lines, each with its CRLF
  std::size_t lines_ = 0;
  std::size_t line_size_ = 0;
};

}  // namespace http
