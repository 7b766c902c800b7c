// How the SDK takes a time: in seconds, as any std::chrono duration converts to.
#pragma once

#include <appserver/detail/number.hpp>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

using Seconds = std::chrono::duration<double>;

namespace detail {

// The nearest that an int64_t can say: about 292 years. NaN is 0.
inline std::int64_t to_nanoseconds(Seconds time) {
  constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max();
  const double nanoseconds = time.count() * 1e9;
  if (nanoseconds >= static_cast<double>(kLongest)) return kLongest;
  return nanoseconds > 0 ? static_cast<std::int64_t>(nanoseconds) : 0;
}

// Reads `500ms`, `30s`, `5m`, `2h`, or a number of seconds; not a negative one.
inline Reading read(std::string_view text, Seconds& time) {
  const auto digits = text.find_last_not_of("hms") + 1;
  const auto unit = text.substr(digits);
  const double factor = unit == "ms" ? 1e-3 : unit == "m" ? 60 : unit == "h" ? 3600 : 1;
  if (factor == 1 && !unit.empty() && unit != "s") return Reading::malformed;
  double number = 0;
  if (read(text.substr(0, digits), number) != Reading::well) return Reading::malformed;
  time = Seconds(number * factor);
  return number >= 0 && std::isfinite(time.count()) ? Reading::well : Reading::malformed;
}

}  // namespace detail
}  // namespace appserver
