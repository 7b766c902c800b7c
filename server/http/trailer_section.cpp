#include "http/trailer_section.hpp"

#include <algorithm>
#include <string_view>

#include "base/trimmed.hpp"
#include "http/token.hpp"

namespace http {
namespace {

// What frames or routes a message, says who asks, under which condition, or how to read the body: to be known
// before the body, and not trailers by their definition (RFC 9110 section 6.5.1). They may be discarded (RFC
// 9112 section 7.1.2), and then nobody takes them for what a proxy has looked at.
constexpr std::string_view kNeverTrailers[] = {
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "max-forwards",
    "pragma",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
};

bool may_trail(std::string_view name) {
  return std::ranges::none_of(kNeverTrailers,
                              [&](std::string_view never) { return same_token(name, never); });
}

}  // namespace

void TrailerSection::take(char c) {
  if (state_ == State::line) {
    ++lines_;
    line_size_ = 0;
  }
  state_ = next(c);
  if (state_ == State::last_lf || state_ == State::done || state_ == State::broken) return;
  text_ += c;
  if (state_ == State::name || state_ == State::value) ++line_size_;
  const bool too_much = lines_ > most_fields_ || line_size_ > most_field_size_ || text_.size() > most_size_;
  if (too_much) state_ = State::broken;
}

// trailer-section = *( field-name ":" OWS field-value OWS CRLF ), and then an empty line.
TrailerSection::State TrailerSection::next(char c) const {
  switch (state_) {
    case State::line:
      if (c == '\r') return State::last_lf;
      return is_token_char(c) ? State::name : State::broken;
    case State::name:
      if (c == ':') return State::value;
      return is_token_char(c) ? State::name : State::broken;
    case State::value:
      if (c == '\r') return State::line_lf;
      return is_field_char(c) ? State::value : State::broken;
    case State::line_lf:
      return c == '\n' ? State::line : State::broken;
    case State::last_lf:
      return c == '\n' ? State::done : State::broken;
    case State::done:
    case State::broken:
      break;
  }
  return State::broken;
}

std::vector<Field> TrailerSection::fields() const {
  std::vector<Field> fields;
  for (std::string_view rest = text_; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\r'));
    rest.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (may_trail(name)) fields.push_back({name, base::trimmed(line.substr(colon + 1))});
  }
  return fields;
}

}  // namespace http
