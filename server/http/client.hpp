// Who asks, and how, as far as it can be known: what the connection says, and what the proxies that are
// trusted say (RFC 7239, X-Forwarded-*). Worked out when somebody first asks. Part of an Exchange.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/proxies.hpp"
#include "http/request_head.hpp"
#include "net/peer.hpp"

namespace http {

class Client {
 public:
  // `peer` is that of the connection; a PROXY header has named it where there is one. `head` outlives this.
  Client(const RequestHead& head, const net::Peer& peer, const Proxies& proxies);
  Client(const Client&) = delete;  // the views look into it
  Client& operator=(const Client&) = delete;

  // In numbers; "" where it is not known, which of a unix socket it never is. A client can't choose it.
  std::string_view address() const { return address_; }
  std::uint16_t port() const { return port_; }  // 0: not known

  // "http" or "https": how it has come to the first of the proxies.
  std::string_view scheme() const { return scheme_; }

  // The authority that it asked: a host, with a port where that is not the scheme's own. "" where HTTP/1.0
  // has named none. It is the client's own word, but for its form.
  std::string_view host() const { return host_; }

 private:
  void name(const net::Peer& peer);

  net::IpAddress::Text memory_;
  std::string_view address_;
  std::uint16_t port_ = 0;
  std::string_view scheme_ = "http";
  std::string_view host_;
  std::string made_;  // a host that does not stand in the head as it is
};

}  // namespace http
