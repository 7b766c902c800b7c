// What WHATWG URL, section 5, makes of one name or value, written down by its rules one by one: what the
// faster ones of the server and the SDK are held against.
#pragma once

#include <string>
#include <string_view>

inline std::string decoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
  std::string out;
  while (!text.empty()) {
    const std::size_t high = text.size() < 3 ? kDigits.npos : kDigits.find(text[1]);
    const std::size_t low = text.size() < 3 ? kDigits.npos : kDigits.find(text[2]);
    if (text.front() == '%' && high != kDigits.npos && low != kDigits.npos) {
      out += static_cast<char>(high % 16 * 16 + low % 16);
      text.remove_prefix(3);
    } else {
      out += text.front() == '+' ? ' ' : text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}
