// Times as HTTP writes them (RFC 9110 section 5.6.7), in whole seconds since 1970.
#pragma once

#include <algorithm>
#include <appserver/detail/visibility.hpp>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

inline constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
inline constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// One of the three forms, for snprintf and sscanf.
struct DateForm {
  std::string (*write)(const std::tm& utc);
  bool (*read)(const char* text, std::tm& utc, char (&month)[4]);
};

template <typename... Arguments>
std::string printed(const char* pattern, Arguments... arguments) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, arguments...);
  return text;
}

inline constexpr DateForm kDateForms[] = {
    // Sun, 06 Nov 1994 08:49:37 GMT
    {[](const std::tm& utc) {
       return printed("%.3s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                      kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
     },
     [](const char* text, std::tm& utc, char (&month)[4]) {
       return std::sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d", &utc.tm_mday, month, &utc.tm_year,
                          &utc.tm_hour, &utc.tm_min, &utc.tm_sec) == 6;
     }},
    // Sunday, 06-Nov-94 08:49:37 GMT
    {[](const std::tm& utc) {
       return printed("%s, %02d-%s-%02d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                      kMonths[utc.tm_mon], utc.tm_year % 100, utc.tm_hour, utc.tm_min, utc.tm_sec);
     },
     [](const char* text, std::tm& utc, char (&month)[4]) {
       return std::sscanf(text, "%*[a-zA-Z], %2d-%3s-%2d %2d:%2d:%2d", &utc.tm_mday, month, &utc.tm_year,
                          &utc.tm_hour, &utc.tm_min, &utc.tm_sec) == 6;
     }},
    // Sun Nov  6 08:49:37 1994
    {[](const std::tm& utc) {
       return printed("%.3s %s %2d %02d:%02d:%02d %04d", kDays[utc.tm_wday], kMonths[utc.tm_mon], utc.tm_mday,
                      utc.tm_hour, utc.tm_min, utc.tm_sec, utc.tm_year + 1900);
     },
     [](const char* text, std::tm& utc, char (&month)[4]) {
       return std::sscanf(text, "%*3s %3s %2d %2d:%2d:%2d %4d", month, &utc.tm_mday, &utc.tm_hour,
                          &utc.tm_min, &utc.tm_sec, &utc.tm_year) == 6;
     }},
};

// A year of two digits is never more than 50 years ahead.
inline int full_year(int year, std::time_t now) {
  if (year > 99) return year;
  std::tm today{};
  ::gmtime_r(&now, &today);
  const int this_year = today.tm_year + 1900;
  year += this_year - this_year % 100;
  return year > this_year + 50 ? year - 100 : year;
}

}  // namespace detail

// `Sun, 06 Nov 1994 08:49:37 GMT`
inline std::string http_date(std::time_t time) {
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  return detail::kDateForms[0].write(utc);
}

// The time that a field gives, in any of the three forms that a recipient must know; nothing where it is none
// of them to the letter. `now` decides about a year of two digits.
inline std::optional<std::time_t> parse_http_date(std::string_view text,
                                                  std::time_t now = std::time(nullptr)) {
  const std::string terminated(text);
  for (const auto& form : detail::kDateForms) {
    std::tm utc{};
    char month[4] = {};
    if (!form.read(terminated.c_str(), utc, month)) continue;
    const auto found =
        std::find(std::begin(detail::kMonths), std::end(detail::kMonths), std::string_view(month));
    utc.tm_mon = static_cast<int>(found - std::begin(detail::kMonths));
    utc.tm_year = detail::full_year(utc.tm_year, now) - 1900;
    const std::time_t time = ::timegm(&utc);
    // sscanf takes much; written again, only what it should have taken is the same.
    if (utc.tm_year >= 0 && form.write(utc) == text) return time;
  }
  return std::nullopt;
}

}  // namespace appserver
