// The fields of one name in a request.
#pragma once

#include <appserver/detail/token.hpp>
#include <appserver/detail/visibility.hpp>
#include <appserver/request.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

// Calls `use` with the value of each field of that name: repeated fields are one list (RFC 9110 section 5.3).
// Gives how many there are.
template <typename Use>
std::size_t for_each_field(const Request& request, std::string_view name, Use use) {
  std::size_t count = 0;
  for (const auto [field, value] : request.headers()) {
    if (!same_token(field, name)) continue;
    ++count;
    use(value);
  }
  return count;
}

// The value of a field that may stand once only; nothing where it is not there or stands twice.
inline std::optional<std::string_view> single_field(const Request& request, std::string_view name) {
  std::string_view found;
  const auto count = for_each_field(request, name, [&](std::string_view value) { found = value; });
  if (count != 1) return std::nullopt;
  return found;
}

}  // namespace detail
}  // namespace appserver
