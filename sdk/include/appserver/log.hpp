// The server's error log. A line bears the plugin's name and, in a handler, the request. Nothing suspends.
#pragma once

#include <appserver/detail/format.hpp>
#include <appserver/detail/host.hpp>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

enum class LogLevel {
  debug = APPSERVER_LOG_DEBUG,
  info = APPSERVER_LOG_INFO,
  warning = APPSERVER_LOG_WARNING,
  error = APPSERVER_LOG_ERROR,
  critical = APPSERVER_LOG_CRITICAL,
};

// Writes one line, made as text() makes its body: each `{}` of `pattern` is replaced by an argument, and
// without arguments it stands as it is.
template <typename... Args>
void log(LogLevel level, std::string_view pattern, const Args&... args) {
  const std::string line = detail::format(pattern, args...);
  detail::host.log->write(detail::host.self, static_cast<int>(level), detail::to_abi(line));
}
template <typename... Args>
void log_debug(std::string_view pattern, const Args&... args) {
  appserver::log(LogLevel::debug, pattern, args...);
}
template <typename... Args>
void log_info(std::string_view pattern, const Args&... args) {
  appserver::log(LogLevel::info, pattern, args...);
}
template <typename... Args>
void log_warning(std::string_view pattern, const Args&... args) {
  appserver::log(LogLevel::warning, pattern, args...);
}
template <typename... Args>
void log_error(std::string_view pattern, const Args&... args) {
  appserver::log(LogLevel::error, pattern, args...);
}
template <typename... Args>
void log_critical(std::string_view pattern, const Args&... args) {
  appserver::log(LogLevel::critical, pattern, args...);
}

}  // namespace appserver
