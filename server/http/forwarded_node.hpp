// How a proxy writes down who it was that asked it: `192.0.2.43`, `[2001:db8::17]:4711`, `unknown`,
// `_hidden`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "net/peer.hpp"

namespace http {

// The node of RFC 7239 section 6; of an unknown kind where it is `unknown` or a name that says nothing
// outside (section 6.3). Nothing where it is malformed.
std::optional<net::Peer> parse_node(std::string_view text);

// The same as X-Forwarded-For has it, by custom: an IPv6 address may stand without brackets, and there are no
// hidden names.
std::optional<net::Peer> parse_x_node(std::string_view text);

// One to five digits. 0 stands for a port that is not known.
std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace http
