// One value that came from outside as text, a query parameter or a setting say: it may be absent, and must be
// checked before it is used. Lives as long as its request; a setting lives until the plugin stops.
#pragma once

#include <appserver/detail/format.hpp>
#include <appserver/detail/number.hpp>
#include <appserver/duration.hpp>
#include <appserver/error.hpp>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace APPSERVER_HIDDEN appserver {

class Value {
 public:
  // Where a value comes from decides what a bad one throws: BadRequest for what the client sent,
  // std::runtime_error, which fails the boot, for a setting.
  struct Origin {
    const char* name;
    void (*raise)(const std::string& message);
  };
  static const Origin kQuery, kParameter, kField, kSetting;

  Value(const Origin& origin, std::string_view name, std::optional<std::string_view> text)
      : origin_(&origin), name_(name), text_(text) {}

  bool has() const { return text_.has_value(); }

  // The value as a T: an integer, a floating-point number, Seconds (500ms, 30s, 5m, 2h; no unit is seconds),
  // bool (true/false, yes/no, on/off, 1/0), std::string or std::string_view. Nothing where it is absent;
  // throws, saying what is wrong, where it is there but not a T.
  template <typename T>
  std::optional<T> as() const {
    if (!text_) return std::nullopt;
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>) {
      return T(*text_);
    } else if constexpr (std::is_same_v<T, bool>) {
      return as_bool();
    } else if constexpr (std::is_same_v<T, Seconds>) {
      return as<T>(Seconds::zero(), Seconds::max());
    } else {
      return as<T>(std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max());
    }
  }

  // The same for a number or Seconds that must lie between `lowest` and `highest`, both included.
  template <typename T>
  std::optional<T> as(T lowest, T highest) const {
    static_assert((std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_same_v<T, Seconds>,
                  "a value is read as a number, Seconds, bool or text");
    if (!text_) return std::nullopt;
    T value{};
    const auto reading = detail::read(*text_, value);
    if (reading == detail::Reading::malformed) refuse(kMalformed<T>);
    if constexpr (std::is_floating_point_v<T>) {
      if (reading == detail::Reading::out_of_range) refuse("is too large or too small");
    }
    if (reading == detail::Reading::out_of_range || value < lowest || value > highest) {
      raise(
          detail::format(": {} is not between {} and {}", printable(*text_), shown(lowest), shown(highest)));
    }
    return value;
  }

  // The same for a value that must be there: throws where it is absent.
  template <typename T>
  T required() const {
    if (!text_) raise_missing();
    return *as<T>();
  }
  template <typename T>
  T required(T lowest, T highest) const {
    if (!text_) raise_missing();
    return *as<T>(lowest, highest);
  }

  // Throws as as() does, for a check of your own: refuse("is not a colour") says
  // "query parameter 'ink': 'bleu' is not a colour".
  [[noreturn]] void refuse(std::string_view reason) const {
    raise(detail::format(": '{}' {}", printable(text_.value_or("")), reason));
  }

 private:
  template <typename T>
  static constexpr const char* kMalformed =
      std::is_same_v<T, Seconds> ? "is not a duration such as 500ms, 30s or 5m"
      : std::is_integral_v<T>    ? "is not a whole number"
                                 : "is not a number";

  template <typename T>
  static std::string shown(T limit) {
    if constexpr (std::is_same_v<T, Seconds>) {
      return detail::format("{}s", limit.count());
    } else {
      return detail::format("{}", limit);
    }
  }

  bool as_bool() const {
    for (const char* yes : {"true", "yes", "on", "1"}) {
      if (*text_ == yes) return true;
    }
    for (const char* no : {"false", "no", "off", "0"}) {
      if (*text_ == no) return false;
    }
    refuse("is not true or false");
  }

  [[noreturn]] void raise(std::string_view problem) const {
    origin_->raise(detail::format("{} '{}'{}", origin_->name, name_, problem));
    std::terminate();  // not reached: each origin's raise() throws
  }

  [[noreturn]] void raise_missing() const {
    const bool setting = origin_ == &kSetting;
    raise(setting ? " is missing: give it in the plugin's section of the configuration file" : " is missing");
  }

  // Cut, and without control characters: it goes into an answer or a log.
  static std::string printable(std::string_view text) {
    constexpr std::size_t kShown = 60;
    std::string shown(text.substr(0, kShown));
    for (char& c : shown) {
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    }
    return text.size() > kShown ? shown + "..." : shown;
  }

  const Origin* origin_;
  std::string name_;
  std::optional<std::string_view> text_;
};

namespace detail {
inline void raise_bad_request(const std::string& message) { throw BadRequest(message); }
inline void raise_bad_setting(const std::string& message) { throw std::runtime_error(message); }
}  // namespace detail

inline constexpr Value::Origin Value::kQuery{"query parameter", detail::raise_bad_request};
inline constexpr Value::Origin Value::kParameter{"path parameter", detail::raise_bad_request};
inline constexpr Value::Origin Value::kField{"form field", detail::raise_bad_request};
inline constexpr Value::Origin Value::kSetting{"setting", detail::raise_bad_setting};

}  // namespace appserver
