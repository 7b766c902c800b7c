// What the proxies in front of the server say of the client that a request comes from, in Forwarded (RFC
// 7239) or in X-Forwarded-For, -Proto, -Host and -Port. To be asked only where the peer is a proxy that is
// trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.hpp"
#include "net/peer.hpp"
#include "net/trusted_proxies.hpp"

namespace http {

struct Forwarded {
  std::optional<net::Peer> client;  // none: nothing is said of it; of an unknown kind: not who it is
  std::string_view scheme;          // "http", "https", or "": nothing is said
  std::string host;                 // with its port, or "": nothing is said
  std::uint16_t port = 0;           // that the client asked, where `host` has none; 0: nothing is said
  std::string_view fault;           // what of it can't be read, constant text; "": nothing
};

// Both go from the right, where the nearest proxy has written, to the left for as long as they pass proxies
// that are trusted: the first address that is not one is the client's, and what stands left of it is the
// client's own invention. What can't be read makes the client unknown, and is never passed by.
Forwarded read_forwarded(const RequestHead& head, const net::TrustedProxies& trusted);
Forwarded read_x_forwarded(const RequestHead& head, const net::TrustedProxies& trusted);

}  // namespace http
