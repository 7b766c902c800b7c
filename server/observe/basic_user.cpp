#include "observe/basic_user.hpp"

#include <algorithm>
#include <cstdint>

#include "observe/escape.hpp"

namespace observe {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// What stands behind `Basic`, in any case of letters, and spaces.
std::string_view credentials_in(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  if (!std::ranges::equal(authorization.substr(0, kScheme.size()), kScheme, {}, lower)) return {};
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

}  // namespace

bool append_basic_user(std::string& out, std::string_view authorization) {
  const std::size_t before = out.size();
  std::uint32_t bits = 0;
  int count = 0;  // of the bits that have not made a byte yet
  for (const char digit : credentials_in(authorization)) {
    const std::size_t value = kDigits.find(digit);
    if (value == kDigits.npos) break;  // padding, or no base64: there is no user without a colon
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const char c = static_cast<char>(bits >> count);
    if (c == ':') return out.size() > before;
    if (c == ' ') {
      out += "\\x20";
    } else {
      append_escaped(out, {&c, 1});
    }
  }
  out.resize(before);
  return false;
}

}  // namespace observe
