// Names, tokens and lists of them in header fields (RFC 9110 section 5.6).
#pragma once

#include <appserver/detail/visibility.hpp>
#include <cstddef>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

// Names and tokens compare without regard to the case of ASCII letters.
inline bool same_token(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (small(a[i]) != small(b[i])) return false;
  }
  return true;
}

// Without the spaces and tabs around it.
inline std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes what stands before the next `separator` off `rest`, trimmed; all of it where there is none.
inline std::string_view next_item(std::string_view& rest, char separator) {
  const auto end = rest.find(separator);
  const auto item = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trimmed(item);
}

}  // namespace detail
}  // namespace appserver
