#include "http/client.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/rarely.hpp"
#include "http/authority.hpp"
#include "http/forwarded.hpp"

namespace http {
namespace {

constexpr std::string_view kDisagree =
    "Forwarded and X-Forwarded-* disagree; say by --forwarded-header which of them the proxy writes";

bool has_x_forwarded(const RequestHead& head) {
  return head.find("x-forwarded-for") || head.find("x-forwarded-proto") || head.find("x-forwarded-host") ||
         head.find("x-forwarded-port");
}

// What both say. A proxy that writes the one hands on the other as the client has sent it, so that what
// stands in one of them alone may be the client's own word, as is one of two that differ.
Forwarded agreed(const Forwarded& a, const Forwarded& b) {
  Forwarded both;
  both.fault = a.fault.empty() ? b.fault : a.fault;
  if (a.client && b.client && a.client->address == b.client->address) {
    both.client = a.client;
    if (a.client->port != b.client->port) both.client->port = 0;
  } else if (a.client || b.client) {
    both.client = net::Peer{};  // nor is it the proxy
    both.fault = kDisagree;
  }
  const auto keep = [&](auto& kept, const auto& one, const auto& other) {
    if (one == other) {
      kept = one;
    } else {
      both.fault = kDisagree;
    }
  };
  keep(both.scheme, a.scheme, b.scheme);
  keep(both.host, a.host, b.host);  // Forwarded says the port here, so that X-Forwarded-Port stands alone
  return both;
}

Forwarded read(const RequestHead& head, const Proxies& proxies) {
  switch (proxies.header) {
    case net::ForwardedHeader::forwarded:
      return read_forwarded(head, proxies.trusted);
    case net::ForwardedHeader::x_forwarded:
      return read_x_forwarded(head, proxies.trusted);
    case net::ForwardedHeader::automatic:
      break;
  }
  if (!head.find("forwarded")) return read_x_forwarded(head, proxies.trusted);
  if (!has_x_forwarded(head)) return read_forwarded(head, proxies.trusted);
  return agreed(read_forwarded(head, proxies.trusted), read_x_forwarded(head, proxies.trusted));
}

void warn(const net::Peer& proxy, std::string_view fault) {
  static base::Rarely lines;
  if (const auto end = lines.turn()) {
    base::log_warning("What the proxy at ", proxy.text(), " says of a client is not believed: ", fault, *end);
  }
}

}  // namespace

Client::Client(const RequestHead& head, const net::Peer& peer, const Proxies& proxies)
    : host_(head.authority) {
  if (!proxies.trusted.contains(peer)) {
    name(peer);
    return;
  }
  Forwarded said = read(head, proxies);
  if (!said.fault.empty()) warn(peer, said.fault);
  name(said.client.value_or(peer));
  if (!said.scheme.empty()) scheme_ = said.scheme;
  if (!said.host.empty()) host_ = made_ = std::move(said.host);
  // The usual ports are not worth a word, and a proxy behind another often names one of them wrongly.
  const bool usual = said.port == 0 || said.port == 80 || said.port == 443;
  if (usual || host_.empty()) return;
  std::string with_port = std::string(host_) + ":" + std::to_string(said.port);
  if (is_authority(with_port)) host_ = made_ = std::move(with_port);  // else it has one
}

void Client::name(const net::Peer& peer) {
  if (peer.kind != net::Peer::Kind::ip) return;
  address_ = peer.address->text(memory_);
  port_ = peer.port;
}

}  // namespace http
