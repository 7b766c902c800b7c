#include "http/head_scanner.hpp"

namespace http {
namespace {

constexpr Refusal kTargetTooLong{414, "The request line is too long."};
constexpr Refusal kNoMethod{400, "The request line does not begin with a method."};
constexpr Refusal kFieldTooLong{431, "A header field is too long."};
constexpr Refusal kTooManyFields{431, "There are too many header fields."};
constexpr Refusal kHeadTooLong{431, "The header is too long."};
constexpr Refusal kFolded{400, "A line of the header begins with white space."};

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

HeadScanner::Result HeadScanner::scan(std::string_view input, const Limits& limits) {
  const auto too_long = [&](std::string_view line) -> std::optional<Refusal> {
    if (lines_ > 0) return line.size() > limits.field_size ? std::optional(kFieldTooLong) : std::nullopt;
    if (line.size() <= limits.request_line) return std::nullopt;
    // What goes on for so long without a space is no method, and its target can't be the one that is too
    // long.
    return line.substr(0, limits.request_line).find(' ') == line.npos ? kNoMethod : kTargetTooLong;
  };
  for (;;) {
    const std::size_t line_end = input.find('\n', scanned_);
    if (line_end == input.npos) {
      scanned_ = input.size();
      return {0, too_long(without_cr(input.substr(line_start_)))};
    }
    const std::string_view line = without_cr(input.substr(line_start_, line_end - line_start_));
    scanned_ = line_start_ = line_end + 1;
    if (line.empty()) {
      // One empty line before a request is skipped, by the parser (RFC 9112 section 2.2).
      if (lines_ > 0 || line_end > 1) return {line_end + 1, {}};
      continue;
    }
    if (const auto refusal = too_long(line)) return {0, refusal};
    if (lines_ > limits.fields) return {0, kTooManyFields};
    if (line_start_ > limits.head()) return {0, kHeadTooLong};
    // Obsolete folding: a proxy may have read it as a field of its own (RFC 9112 section 5.2).
    if (lines_ > 0 && (line.front() == ' ' || line.front() == '\t')) return {0, kFolded};
    ++lines_;
  }
}

}  // namespace http
