// Where a TCP connection goes to, as a user writes it: `HOST:PORT`, `127.0.0.1:80`, `[::1]:80`. A value.
#pragma once

#include <appserver/detail/number.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

struct TcpAddress {
  std::string host;  // a name or a number, without brackets
  std::uint16_t port = 0;

  // Nothing where the text is no such address, or its port is not one of 1 to 65535.
  static std::optional<TcpAddress> parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    TcpAddress address;
    if (detail::read(text.substr(colon + 1), address.port) != detail::Reading::well || address.port == 0) {
      return std::nullopt;
    }
    auto name = text.substr(0, colon);
    const bool bracketed = name.size() > 2 && name.front() == '[' && name.back() == ']';
    if (bracketed) name = name.substr(1, name.size() - 2);
    if (name.empty() || name.find_first_of("[] \t") != std::string_view::npos) return std::nullopt;
    if (bracketed != (name.find(':') != std::string_view::npos)) return std::nullopt;
    address.host = name;
    return address;
  }

  // As parse() takes it.
  std::string text() const {
    const bool bracketed = host.find(':') != std::string::npos;
    return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
  }
};

}  // namespace appserver
