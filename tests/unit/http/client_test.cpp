#include "http/client.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using http::Client;
using net::ForwardedHeader;
using net::Peer;

namespace {

Peer ip(const char* address) { return {Peer::Kind::ip, 4711, net::IpAddress::parse(address)}; }

const Peer kProxy = ip("10.0.0.1"), kStranger = ip("192.0.2.1");

// A request as it comes by a connection: `address scheme host`.
struct Asking {
  Asking() { head.authority = "inner"; }
  std::string seen_from(const Peer& peer) {
    const Client client(head, peer, proxies);
    return std::string(client.address()) + " " + std::string(client.scheme()) + " " +
           std::string(client.host());
  }
  Asking& with(std::string_view name, std::string_view value) {
    head.fields.push_back({name, value});
    return *this;
  }

  http::RequestHead head;
  http::Proxies proxies{.trusted = net::TrustedProxies::parse("10.0.0.0/8")};
};

}  // namespace

TEST_CASE("a client is the peer of its connection, at the host that it names") {
  Asking asking;
  CHECK(asking.seen_from(kStranger) == "192.0.2.1 http inner");
  CHECK(Client(asking.head, kStranger, asking.proxies).port() == 4711);
  CHECK(asking.seen_from({Peer::Kind::unix_socket, 0, {}}) == " http inner");
  CHECK(asking.seen_from({}) == " http inner");
  asking.head.authority = {};
  CHECK(asking.seen_from(kStranger) == "192.0.2.1 http ");
}

TEST_CASE("nobody but a trusted proxy can say who the client is") {
  Asking asking;
  asking.with("X-Forwarded-For", "8.8.8.8")
      .with("X-Forwarded-Proto", "https")
      .with("X-Forwarded-Host", "outer");
  asking.with("Forwarded", "for=8.8.8.8;proto=https;host=outer");
  CHECK(asking.seen_from(kStranger) == "192.0.2.1 http inner");
  CHECK(asking.seen_from({}) == " http inner");
  CHECK(asking.seen_from(kProxy) == "8.8.8.8 https outer");
  CHECK(asking.seen_from({Peer::Kind::unix_socket, 0, {}}) == "8.8.8.8 https outer");
}

TEST_CASE("a proxy that says nothing of a client is the client") {
  CHECK(Asking().seen_from(kProxy) == "10.0.0.1 http inner");
  CHECK(Asking().with("X-Forwarded-Proto", "https").seen_from(kProxy) == "10.0.0.1 https inner");
}

TEST_CASE("a port is added to the host where it is unusual and the host has none") {
  const auto host_of = [](std::string_view host, std::string_view port) {
    Asking asking;
    asking.head.authority = host;
    asking.with("X-Forwarded-Port", port);
    return std::string(Client(asking.head, kProxy, asking.proxies).host());
  };
  CHECK(host_of("a.org", "8443") == "a.org:8443");
  CHECK(host_of("a.org:1", "8443") == "a.org:1");
  CHECK(host_of("a.org:", "8443") == "a.org:");
  CHECK(host_of("[::1]", "8443") == "[::1]:8443");
  CHECK(host_of("a.org", "443") == "a.org");
  CHECK(host_of("a.org", "80") == "a.org");
  CHECK(host_of("", "8443").empty());
}

TEST_CASE(
    "where Forwarded and X-Forwarded-For disagree, neither is believed, nor is the proxy taken for the "
    "client") {
  const auto asking = [] {
    return Asking().with("Forwarded", "for=1.1.1.1").with("X-Forwarded-For", "2.2.2.2");
  };
  CHECK(asking().seen_from(kProxy) == " http inner");
  Asking forwarded = asking(), x_forwarded = asking();
  forwarded.proxies.header = ForwardedHeader::forwarded;
  CHECK(forwarded.seen_from(kProxy) == "1.1.1.1 http inner");
  x_forwarded.proxies.header = ForwardedHeader::x_forwarded;
  CHECK(x_forwarded.seen_from(kProxy) == "2.2.2.2 http inner");
}

TEST_CASE("where the two disagree on scheme or host, the connection's own hold") {
  Asking asking;
  asking.with("Forwarded", "for=1.1.1.1;proto=http;host=a").with("X-Forwarded-For", "1.1.1.1");
  asking.with("X-Forwarded-Proto", "https").with("X-Forwarded-Host", "b");
  CHECK(asking.seen_from(kProxy) == "1.1.1.1 http inner");
}

TEST_CASE("what one of the two says alone may be the client's own word, and does not hold either") {
  const auto nginx = [] { return Asking().with("X-Forwarded-For", "9.9.9.9"); };
  CHECK(nginx().seen_from(kProxy) == "9.9.9.9 http inner");
  CHECK(nginx().with("Forwarded", "for=9.9.9.9;proto=https;host=evil").seen_from(kProxy) ==
        "9.9.9.9 http inner");
  CHECK(nginx().with("Forwarded", "proto=https;host=evil").seen_from(kProxy) == " http inner");
  CHECK(nginx().with("Forwarded", "").seen_from(kProxy) == " http inner");

  const auto by_the_rfc = [] { return Asking().with("Forwarded", "for=9.9.9.9;proto=https;host=outer"); };
  CHECK(by_the_rfc().seen_from(kProxy) == "9.9.9.9 https outer");
  CHECK(by_the_rfc().with("X-Forwarded-Proto", "https").seen_from(kProxy) == " https inner");
  CHECK(by_the_rfc().with("X-Forwarded-Port", "8443").seen_from(kProxy) == " http inner");
  CHECK(Asking().with("Forwarded", "proto=https").with("X-Forwarded-For", "9.9.9.9").seen_from(kProxy) ==
        " http inner");

  Asking both = by_the_rfc();
  both.with("X-Forwarded-For", "9.9.9.9").with("X-Forwarded-Proto", "https");
  CHECK(both.with("X-Forwarded-Host", "outer").seen_from(kProxy) == "9.9.9.9 https outer");
  CHECK(both.with("X-Forwarded-Port", "8443").seen_from(kProxy) == "9.9.9.9 https outer");
}

TEST_CASE("a client's port holds where both say the same") {
  const auto port_of = [](std::string_view forwarded, std::string_view x_forwarded) {
    Asking asking;
    asking.with("Forwarded", forwarded).with("X-Forwarded-For", x_forwarded);
    return Client(asking.head, kProxy, asking.proxies).port();
  };
  CHECK(port_of("for=\"9.9.9.9:80\"", "9.9.9.9:80") == 80);
  CHECK(port_of("for=\"9.9.9.9:80\"", "9.9.9.9") == 0);
  CHECK(port_of("for=9.9.9.9", "9.9.9.9:80") == 0);
}
