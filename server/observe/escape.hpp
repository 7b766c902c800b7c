// Text from outside, made fit for a line of a log.
#pragma once

#include <string>
#include <string_view>

namespace observe {

// Adds the text with `"`, `\` and every byte that is not visible ASCII or a space written as \xNN.
inline void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const unsigned char c : text) {
    if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
      out += static_cast<char>(c);
    } else {
      out.append("\\x").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
    }
  }
}

}  // namespace observe
