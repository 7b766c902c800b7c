#include "http/authority.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string>

#include "http/token.hpp"

namespace http {
namespace {

struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

// Splits at the colon that no brackets enclose.
Authority split(std::string_view text) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = text.find(':', std::min(bracket, text.size()));
  if (colon == text.npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + static_cast<unsigned>(c - '0');
    if (port > 65535) return false;
  }
  return true;  // one of no digits is the scheme's own (RFC 3986 section 3.2.3)
}

bool is_ipv6(std::string_view text) {
  in6_addr address;
  return text.find('\0') == text.npos && ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

// "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ): an address of a kind to come.
bool is_ip_future(std::string_view text) {
  if (!text.starts_with('v') && !text.starts_with('V')) return false;
  const std::size_t dot = text.find('.');
  if (dot == text.npos || dot < 2 || dot + 1 == text.size()) return false;
  return std::ranges::all_of(text.substr(1, dot - 1), [](char c) { return hex_value(c) >= 0; }) &&
         std::ranges::all_of(text.substr(dot + 1), [](char c) { return c == ':' || is_host_char(c); });
}

bool is_host(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return false;
    const std::string_view literal = text.substr(1, text.size() - 2);
    return is_ipv6(literal) || is_ip_future(literal);
  }
  return !text.empty() && is_registered_name(text);
}

}  // namespace

bool is_authority(std::string_view text) {
  const Authority authority = split(text);
  return is_host(authority.host) && is_port(authority.port.value_or(""));
}

bool is_authority_with_port(std::string_view text) {
  const Authority authority = split(text);
  return is_host(authority.host) && authority.port && !authority.port->empty() && is_port(*authority.port);
}

}  // namespace http
