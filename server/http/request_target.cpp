#include "http/request_target.hpp"

#include <algorithm>

#include "http/authority.hpp"
#include "http/token.hpp"

namespace http {
namespace {

constexpr Refusal kBad{400, "The request target is not valid."};

// Visible ASCII. Not all of it may stand there (RFC 3986 section 3.3), but browsers send most of the rest as
// it is (WHATWG URL, section 1.3), and no two servers read it as different requests. A fragment is never
// sent.
bool is_target_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 section 3.1)
bool is_scheme(std::string_view text) {
  const auto is_alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && is_alpha(text.front()) && std::ranges::all_of(text, [&](char c) {
    return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

// What the target begins with in its absolute form: goes on with the path, or says what is wrong.
std::optional<Refusal> read_authority(RequestHead& head, std::string_view& rest) {
  const std::size_t scheme = rest.find("://");
  if (scheme == rest.npos || !is_scheme(rest.substr(0, scheme))) return kBad;
  // Whoever asks for https has been promised a connection that is secured (RFC 9110 section 7.4).
  if (!same_token(rest.substr(0, scheme), "http")) {
    return Refusal{421, "This connection serves http alone, not the target's scheme."};
  }
  rest.remove_prefix(scheme + 3);
  head.authority = rest.substr(0, rest.find_first_of("/?"));
  if (!is_authority(head.authority)) return kBad;
  rest.remove_prefix(head.authority.size());
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> read_target(RequestHead& head) {
  std::string_view rest = head.target;
  if (head.method == "CONNECT") {
    if (!is_authority_with_port(rest)) return kBad;
    return Refusal{501, "This server is no proxy: CONNECT is not served."};
  }
  if (!is_target_text(rest) || has_bad_escape(rest)) return kBad;
  const bool options = head.method == "OPTIONS";
  if (rest == "*" && options) {
    head.path = rest;
    return std::nullopt;
  }
  if (!rest.starts_with('/')) {
    if (auto refusal = read_authority(head, rest)) return refusal;
  }
  const std::size_t mark = rest.find('?');
  head.path = rest.substr(0, mark);
  if (mark != rest.npos) head.query = rest.substr(mark + 1);
  // In the absolute form nothing at all is what `*` is in the other (RFC 9112 section 3.2.4).
  if (head.path.empty()) head.path = options && mark == rest.npos ? "*" : "/";
  return std::nullopt;
}

}  // namespace http
