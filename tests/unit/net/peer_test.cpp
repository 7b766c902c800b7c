#include "net/peer.hpp"

#include <arpa/inet.h>
#include <sys/un.h>

#include <cstring>

#include "catch.hpp"

using net::Peer;

namespace {

template <typename Address>
Peer peer_of(const Address& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  return Peer::of(storage);
}

}  // namespace

TEST_CASE("a peer is told by its socket's address") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(4711);
  ::inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
  CHECK(peer_of(v4) == Peer{Peer::Kind::ip, 4711, net::IpAddress::parse("192.0.2.1")});
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  ::inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
  CHECK(peer_of(v6).text() == "192.0.2.1");
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  CHECK(peer_of(local).text() == "a unix socket");
}
