// Who is at the other end of a connection. A value; any process.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>

#include "net/ip_address.hpp"

namespace net {

struct Peer {
  enum class Kind : std::uint8_t {
    unknown,      // a client that a proxy can't or won't name
    unix_socket,  // without an address of its own
    ip
  };

  // The peer with this address, as accept(2) gives it.
  static Peer of(const sockaddr_storage& address);

  Kind kind = Kind::unknown;
  std::uint16_t port = 0;            // ip: 0 where it is not known
  std::optional<IpAddress> address;  // ip

  // For the log: `192.0.2.1`, `2001:db8::1`, `a unix socket` or `an unknown address`.
  std::string text() const;

  bool operator==(const Peer&) const = default;
};

}  // namespace net
