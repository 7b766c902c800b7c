// An address to listen on, as a user writes it: `HOST:PORT`, `[::1]:PORT`, `unix:PATH`, `fd://N`. A value,
// without a socket; net/listener.hpp makes one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

struct Endpoint {
  enum class Kind { tcp, unix_path, inherited };

  Kind kind = Kind::tcp;
  std::string host{};      // tcp: numeric or a name, without brackets
  std::uint16_t port = 0;  // tcp: 0 lets the kernel choose
  std::string path{};      // unix_path
  int fd = -1;             // inherited

  // Throws std::invalid_argument with a text that says what a right value looks like.
  static Endpoint parse(std::string_view text);

  // As it was written: the form that parse() takes.
  std::string text() const;

  bool operator==(const Endpoint&) const = default;
};

}  // namespace net
