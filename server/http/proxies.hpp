// What stands in front of the server, and whose word about its clients counts. Plain values, constant while
// the worker lives.
#pragma once

#include "net/proxy_protocol.hpp"
#include "net/trusted_proxies.hpp"

namespace http {

struct Proxies {
  net::TrustedProxies trusted;
  net::ForwardedHeader header = net::ForwardedHeader::automatic;
  net::ProxyProtocol protocol = net::ProxyProtocol::off;
};

}  // namespace http
