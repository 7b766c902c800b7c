// Reads numbers strictly: the whole text, decimal, finite, without spaces or a `+`.
#pragma once

#include <appserver/detail/visibility.hpp>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

enum class Reading { well, malformed, out_of_range };

template <typename Number>
Reading read(std::string_view text, Number& number) {
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if constexpr (std::is_unsigned_v<Number>) {
    Number positive;
    if (text.size() > 1 && text.front() == '-' && read(text.substr(1), positive) != Reading::malformed) {
      return Reading::out_of_range;
    }
  }
  if (error == std::errc::invalid_argument || end != last) return Reading::malformed;
  if (error == std::errc::result_out_of_range) return Reading::out_of_range;
  if constexpr (std::is_floating_point_v<Number>) {
    if (!std::isfinite(number)) return Reading::malformed;
  }
  return Reading::well;
}

}  // namespace detail
}  // namespace appserver
