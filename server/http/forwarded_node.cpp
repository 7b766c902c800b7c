#include "http/forwarded_node.hpp"

#include <algorithm>
#include <charconv>

#include "http/token.hpp"

namespace http {
namespace {

bool is_hidden_name(std::string_view text) {
  if (text.size() < 2 || text.front() != '_') return false;
  return std::ranges::all_of(text.substr(1), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
}

struct Parts {
  std::string_view name;
  std::optional<std::string_view> port;
};

// At the colon behind the name, which for an IPv6 address stands behind its brackets.
Parts split(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  Parts parts{text.substr(0, colon), std::nullopt};
  if (colon != text.npos) parts.port = text.substr(colon + 1);
  return parts;
}

std::optional<net::IpAddress> parse_address(std::string_view name) {
  const bool bracketed = name.starts_with('[') && name.ends_with(']');
  if (bracketed) name = name.substr(1, name.size() - 2);
  if (bracketed != (name.find(':') != name.npos)) return std::nullopt;
  return net::IpAddress::parse(name);
}

}  // namespace

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || text.size() > 5) return std::nullopt;
  return port;
}

std::optional<net::Peer> parse_node(std::string_view text) {
  const auto [name, port_text] = split(text);
  net::Peer peer;
  if (port_text && !is_hidden_name(*port_text)) {
    const auto port = parse_port(*port_text);
    if (!port) return std::nullopt;
    peer.port = *port;
  }
  if (same_token(name, "unknown") || is_hidden_name(name)) return net::Peer{};
  peer.address = parse_address(name);
  if (!peer.address) return std::nullopt;
  peer.kind = net::Peer::Kind::ip;
  return peer;
}

std::optional<net::Peer> parse_x_node(std::string_view text) {
  if (const auto address = net::IpAddress::parse(text)) return net::Peer{net::Peer::Kind::ip, 0, address};
  const auto peer = parse_node(text);
  const bool hidden = peer && peer->kind == net::Peer::Kind::unknown && !same_token(text, "unknown");
  return hidden ? std::nullopt : peer;
}

}  // namespace http
