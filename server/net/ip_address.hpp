// A numeric IPv4 or IPv6 address, as a value. One that IPv6 has mapped from IPv4 (::ffff:192.0.2.1, RFC 4291
// section 2.5.5.2) is that IPv4 address, so that a list of addresses means the same whatever a socket's
// family is. Any process.
#pragma once

#include <netinet/in.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

class IpAddress {
 public:
  // In the text forms of inet_pton(3): `192.0.2.1`, `2001:db8::1`. Without a zone, brackets or a port.
  static std::optional<IpAddress> parse(std::string_view text);

  explicit IpAddress(const in_addr& address);
  explicit IpAddress(const in6_addr& address);

  bool is_v4() const;

  // As parse() takes it; IPv6 in the form of RFC 5952.
  std::string text() const;
  using Text = std::array<char, INET6_ADDRSTRLEN>;
  std::string_view text(Text& memory) const;  // without an allocation

  // Whether the first `prefix` bits are those of `network`, an address of the same family; of an IPv4 address
  // there are 32.
  bool is_in(const IpAddress& network, unsigned prefix) const;

  // Whether no bit behind the first `prefix` is set.
  bool is_network(unsigned prefix) const;

  bool operator==(const IpAddress&) const = default;

 private:
  std::size_t first_bit() const;  // of the address proper
  bool bit(std::size_t i) const;

  std::array<std::uint8_t, 16> bytes_;  // as IPv6
};

}  // namespace net
