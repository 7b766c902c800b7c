#include "http/head_scanner.hpp"

namespace http {
namespace {

constexpr Refusal kLineTooLong{414, "The request line is too long."};
constexpr Refusal kFieldTooLong{431, "A header field is too long."};
constexpr Refusal kTooManyFields{431, "There are too many header fields."};
constexpr Refusal kFolded{400, "A header field goes on over a second line."};

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

HeadScanner::Result HeadScanner::scan(std::string_view input, const Limits& limits) {
  const auto too_long = [&](std::size_t size) -> std::optional<Refusal> {
    if (lines_ == 0) return size > limits.request_line ? std::optional(kLineTooLong) : std::nullopt;
    return size > limits.field_size ? std::optional(kFieldTooLong) : std::nullopt;
  };
  for (;;) {
    const std::size_t line_end = input.find('\n', scanned_);
    if (line_end == input.npos) {
      scanned_ = input.size();
      const std::size_t size = without_cr(input.substr(line_start_)).size();
      return {0, too_long(size)};
    }
    const std::string_view line = without_cr(input.substr(line_start_, line_end - line_start_));
    scanned_ = line_start_ = line_end + 1;
    if (line.empty()) {
      // One empty line before a request is skipped, by the parser (RFC 9112 section 2.2).
      if (lines_ > 0 || line_end > 1) return {line_end + 1, {}};
      continue;
    }
    if (const auto refusal = too_long(line.size())) return {0, refusal};
    if (lines_ > limits.fields) return {0, kTooManyFields};
    // Obsolete folding: a proxy may have read it as a field of its own (RFC 9112 section 5.2).
    if (lines_ > 0 && (line.front() == ' ' || line.front() == '\t')) return {0, kFolded};
    ++lines_;
  }
}

}  // namespace http
