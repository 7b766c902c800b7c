#include "net/peer.hpp"

#include <netinet/in.h>

#include <cstring>

namespace net {

Peer Peer::of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return {Kind::ip, ntohs(v4.sin_port), IpAddress(v4.sin_addr)};
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    return {Kind::ip, ntohs(v6.sin6_port), IpAddress(v6.sin6_addr)};
  }
  return {address.ss_family == AF_UNIX ? Kind::unix_socket : Kind::unknown, 0, std::nullopt};
}

std::string Peer::text() const {
  if (kind == Kind::ip) return address->text();
  return kind == Kind::unix_socket ? "a unix socket" : "an unknown address";
}

}  // namespace net
