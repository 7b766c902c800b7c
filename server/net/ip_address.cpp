#include "net/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace net {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

IpAddress::IpAddress(const in_addr& address) {
  std::ranges::copy(kMapped, bytes_.begin());
  std::memcpy(bytes_.data() + kMapped.size(), &address, sizeof address);
}

IpAddress::IpAddress(const in6_addr& address) { std::memcpy(bytes_.data(), &address, sizeof address); }

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char ended[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof ended || text.find('\0') != text.npos) return std::nullopt;
  *std::ranges::copy(text, ended).out = '\0';
  in_addr v4;
  in6_addr v6;
  if (::inet_pton(AF_INET, ended, &v4) == 1) return IpAddress(v4);
  if (::inet_pton(AF_INET6, ended, &v6) == 1) return IpAddress(v6);
  return std::nullopt;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

std::size_t IpAddress::first_bit() const { return is_v4() ? 8 * kMapped.size() : 0; }

std::string_view IpAddress::text(Text& memory) const {
  const int family = is_v4() ? AF_INET : AF_INET6;
  return ::inet_ntop(family, bytes_.data() + first_bit() / 8, memory.data(), memory.size());
}

std::string IpAddress::text() const {
  Text memory;
  return std::string(text(memory));
}

bool IpAddress::bit(std::size_t i) const { return (bytes_[i / 8] >> (7 - i % 8) & 1) != 0; }

bool IpAddress::is_in(const IpAddress& network, unsigned prefix) const {
  if (is_v4() != network.is_v4()) return false;
  for (std::size_t i = first_bit(); i < first_bit() + prefix; ++i) {
    if (bit(i) != network.bit(i)) return false;
  }
  return true;
}

bool IpAddress::is_network(unsigned prefix) const {
  for (std::size_t i = first_bit() + prefix; i < 8 * bytes_.size(); ++i) {
    if (bit(i)) return false;
  }
  return true;
}

}  // namespace net
