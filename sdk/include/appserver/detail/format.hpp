// Puts values into a text: each `{}` is replaced by the next argument, `{{` and `}}` stand for braces. The
// small part of std::format that a plugin in C++17 needs.
#pragma once

#include <appserver/detail/visibility.hpp>
#include <charconv>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

// The shortest text that reads back as the same number, with an exponent only for what is very large or
// very small: 5, 0.1, 1000000, 1e+16.
template <typename Number>
void append_number(std::string& out, Number number) {
  char digits[64];
  std::to_chars_result end{};
  if constexpr (std::is_floating_point_v<Number>) {
    const Number size = std::fabs(number);
    const bool plain = size == 0 || (size >= Number(1e-4) && size < Number(1e16));
    const auto form = plain ? std::chars_format::fixed : std::chars_format::scientific;
    end = std::isfinite(number) ? std::to_chars(digits, digits + sizeof digits, number, form)
                                : std::to_chars(digits, digits + sizeof digits, number);
  } else {
    end = std::to_chars(digits, digits + sizeof digits, number);
  }
  out.append(digits, end.ptr);
}

template <typename T>
void append(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, char>) {
    out += value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    append_number(out, value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    out += std::string_view(value);
  } else {
    std::ostringstream text;
    text << value;
    out += text.str();
  }
}

// Copies `pattern` to `out` up to the next `{}` and drops both from it. False: there was none.
inline bool append_to_field(std::string& out, std::string_view& pattern) {
  for (;;) {
    const auto brace = pattern.find_first_of("{}");
    out += pattern.substr(0, brace);
    if (brace == std::string_view::npos) return pattern = {}, false;
    const auto pair = pattern.substr(brace, 2);
    pattern.remove_prefix(brace + pair.size());
    if (pair == "{}") return true;
    if (pair != "{{" && pair != "}}")
      throw std::logic_error("a format takes {} only, and {{ or }} for a brace");
    out += pair.front();
  }
}

template <typename T>
void append_field(std::string& out, std::string_view& pattern, const T& value) {
  if (!append_to_field(out, pattern)) throw std::logic_error("a format has fewer {} than arguments");
  append(out, value);
}

// Throws std::logic_error where the arguments don't match the `{}`. Numbers are written by append_number(),
// text as it is, anything else by its operator<<. With no arguments the pattern is taken as it stands,
// braces and all, so that a text from outside is safe there.
template <typename... Args>
std::string format(std::string_view pattern, const Args&... args) {
  if constexpr (sizeof...(args) == 0) {
    return std::string(pattern);
  } else {
    std::string out;
    out.reserve(pattern.size() + 16 * sizeof...(args));
    (append_field(out, pattern, args), ...);
    if (append_to_field(out, pattern)) throw std::logic_error("a format has more {} than arguments");
    return out;
  }
}

}  // namespace detail
}  // namespace appserver
