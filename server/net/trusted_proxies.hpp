// Which peers are proxies whose word about their clients counts: the value of --forwarded-allow-ips. Plain
// and constant. Any process.
#pragma once

#include <string_view>
#include <vector>

#include "net/peer.hpp"

namespace net {

// The field in which they say it: `Forwarded` (RFC 7239), the `X-Forwarded-` family, or whichever is there.
enum class ForwardedHeader { automatic, forwarded, x_forwarded };

class TrustedProxies {
 public:
  // Nobody.
  TrustedProxies() = default;

  // Addresses and networks (`10.0.0.0/8`, RFC 4632; `2001:db8::/32`, RFC 4291) with commas between them, or
  // `*` for all. An empty text is nobody. Throws std::invalid_argument with a text that says which element is
  // wrong and what a right one looks like.
  static TrustedProxies parse(std::string_view text);

  // Whoever comes by a unix socket is trusted, as by gunicorn: the socket's folder and mode say who may. A
  // peer that is not known never is.
  bool contains(const Peer& peer) const;

  bool operator==(const TrustedProxies&) const = default;

 private:
  struct Network {
    IpAddress address;
    unsigned prefix;  // bits
    bool operator==(const Network&) const = default;
  };
  static Network parse_network(std::string_view text);

  bool all_ = false;
  std::vector<Network> networks_;
};

}  // namespace net
