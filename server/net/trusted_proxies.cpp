#include "net/trusted_proxies.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/trimmed.hpp"

namespace net {
namespace {

[[noreturn]] void refuse(std::string_view element, const std::string& why) {
  throw std::invalid_argument("'" + std::string(element) + "' " + why +
                              "; want addresses and networks such as 127.0.0.1,::1,10.0.0.0/8, or *");
}

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (error != std::errc{} || end != text.data() + text.size() || prefix > most) return std::nullopt;
  return prefix;
}

}  // namespace

TrustedProxies TrustedProxies::parse(std::string_view text) {
  TrustedProxies proxies;
  if (base::trimmed(text).empty()) return proxies;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view element = base::trimmed(text.substr(begin, end - begin));
    if (element == "*") {
      proxies.all_ = true;
    } else {
      proxies.networks_.push_back(parse_network(element));
    }
    begin = end + 1;
  }
  return proxies;
}

TrustedProxies::Network TrustedProxies::parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) refuse(text, "is not an IP address");
  const unsigned bits = address->is_v4() ? 32 : 128;
  if (slash == text.npos) return {*address, bits};
  const auto prefix = parse_prefix(text.substr(slash + 1), bits);
  if (!prefix) {
    refuse(text, "has no number of bits from 0 to " + std::to_string(bits) + " behind the '/'");
  }
  // One bit too many may be a slip in either half; whom that would trust is not for us to guess.
  if (!address->is_network(*prefix)) refuse(text, "has bits set behind its first " + std::to_string(*prefix));
  return {*address, *prefix};
}

bool TrustedProxies::contains(const Peer& peer) const {
  switch (peer.kind) {
    case Peer::Kind::unknown:
      return false;
    case Peer::Kind::unix_socket:
      return true;
    case Peer::Kind::ip:
      break;
  }
  return all_ || std::ranges::any_of(networks_, [&](const Network& network) {
           return peer.address->is_in(network.address, network.prefix);
         });
}

}  // namespace net
