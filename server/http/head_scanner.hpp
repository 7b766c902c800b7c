// Finds where a request's head ends, as its bytes come, and refuses one that grows past the limits: so that
// the parser sees only whole heads of a bounded size.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "http/limits.hpp"
#include "http/refusal.hpp"

namespace http {

class HeadScanner {
 public:
  struct Result {
    std::size_t head_size = 0;       // with its empty line; 0: not whole yet
    std::optional<Refusal> refusal;  // set: it never will be
  };

  // Goes on where it left off; `input` begins with what it was given before.
  Result scan(std::string_view input, const Limits& limits);

  // Forgets the head it has seen.
  void restart() { *this = HeadScanner(); }

 private:
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace http
