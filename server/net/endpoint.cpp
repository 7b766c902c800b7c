#include "net/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace net {
namespace {

constexpr int kFirstInheritable = 3;  // below are the standard streams (and systemd's fds begin here)

[[noreturn]] void refuse(const std::string& wanted) { throw std::invalid_argument("want " + wanted); }

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_host_name(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

// With or without a zone: `fe80::1%eth0` (RFC 4007, section 11).
bool is_ipv6_address(std::string_view host) {
  in6_addr address;
  return ::inet_pton(AF_INET6, std::string(host.substr(0, host.find('%'))).c_str(), &address) == 1;
}

std::uint16_t parse_port(std::string_view text) {
  const auto port = parse_number<std::uint16_t>(text);
  if (!port) refuse("a port from 0 to 65535 after the last ':'");
  return *port;
}

Endpoint parse_unix(std::string_view path) {
  if (path.empty()) refuse("a path after 'unix:', such as unix:/run/appserver.sock");
  return {.kind = Endpoint::Kind::unix_path, .path = std::string(path)};
}

Endpoint parse_inherited(std::string_view text) {
  const auto fd = parse_number<int>(text);
  if (!fd || *fd < kFirstInheritable) refuse("the number of an inherited descriptor, such as fd://3");
  return {.kind = Endpoint::Kind::inherited, .fd = *fd};
}

Endpoint parse_bracketed(std::string_view text) {
  const auto end = text.find("]:");
  if (end == text.npos) refuse("an IPv6 address in brackets and a port, such as [::1]:8000");
  const std::string_view host = text.substr(1, end - 1);
  if (!is_ipv6_address(host)) refuse("an IPv6 address between the brackets, such as [::1]:8000");
  return {.host = std::string(host), .port = parse_port(text.substr(end + 2))};
}

Endpoint parse_tcp(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || text.find('/') != text.npos) {
    refuse("HOST:PORT, [ADDRESS]:PORT, unix:PATH or fd://N, such as 127.0.0.1:8000");
  }
  std::string_view host = text.substr(0, colon);
  if (host.find(':') != host.npos) refuse("an IPv6 address in brackets, such as [::1]:8000");
  if (!is_host_name(host)) refuse("a host name or a numeric address before the ':'");
  if (host.empty()) host = "0.0.0.0";  // as gunicorn takes `:8000`
  return {.host = std::string(host), .port = parse_port(text.substr(colon + 1))};
}

}  // namespace

Endpoint Endpoint::parse(std::string_view text) {
  constexpr std::string_view kUnix = "unix:", kInherited = "fd://";
  if (text.find('\0') != text.npos) refuse("an address without NUL characters");
  if (text.starts_with(kUnix)) return parse_unix(text.substr(kUnix.size()));
  if (text.starts_with(kInherited)) return parse_inherited(text.substr(kInherited.size()));
  if (text.starts_with('[')) return parse_bracketed(text);
  return parse_tcp(text);
}

std::string Endpoint::text() const {
  switch (kind) {
    case Kind::unix_path:
      return "unix:" + path;
    case Kind::inherited:
      return "fd://" + std::to_string(fd);
    case Kind::tcp:
      break;
  }
  const bool ipv6 = host.find(':') != host.npos;
  return (ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace net
