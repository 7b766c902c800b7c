#include "http/date.hpp"

#include <cstdio>
#include <ctime>

namespace http {

std::string_view date_now() {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static std::time_t second = 0;
  static char text[64];
  static std::size_t size = 0;

  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != second) {
    second = now.tv_sec;
    std::tm utc{};
    ::gmtime_r(&second, &utc);
    size = static_cast<std::size_t>(std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                                  kDays[utc.tm_wday], utc.tm_mday, kMonths[utc.tm_mon],
                                                  utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec));
  }
  return {text, size};
}

}  // namespace http
