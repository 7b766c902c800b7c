// The error log: one line a call, one write(2) a line, to standard error. Any process, any thread.
#pragma once

#include <sstream>
#include <string>
#include <string_view>

namespace base {

// In rising order of weight; the names are what `--log-level` takes.
enum class LogLevel { debug, info, warning, error, critical };

std::string_view name_of(LogLevel level);

// Lines below `level` are dropped from now on. Info until it is called, which is before there are threads.
void set_log_level(LogLevel level);
bool logs(LogLevel level);

// The text with control characters written as \\xNN.
std::string escaped(std::string_view text);

// Says that a line is lost for want of memory.
void log_lost_line() noexcept;

// Writes `[2026-01-31 12:00:00 +0000] [pid] [LEVEL] message`. Control characters in the message are written
// as \xNN, so that nothing a client sends can forge a line.
void log_line(LogLevel level, std::string_view message);

// Writes the parts, put together as by operator<<, if the level is logged. Never fails: who has something to
// log may be in no state to fail once more.
template <typename... Parts>
void log(LogLevel level, const Parts&... parts) noexcept {
  if (!logs(level)) return;
  try {
    std::ostringstream line;
    (line << ... << parts);
    log_line(level, line.str());
  } catch (...) {
    log_lost_line();
  }
}
template <typename... Parts>
void log_debug(const Parts&... parts) {
  log(LogLevel::debug, parts...);
}
template <typename... Parts>
void log_info(const Parts&... parts) {
  log(LogLevel::info, parts...);
}
template <typename... Parts>
void log_warning(const Parts&... parts) {
  log(LogLevel::warning, parts...);
}
template <typename... Parts>
void log_error(const Parts&... parts) {
  log(LogLevel::error, parts...);
}
template <typename... Parts>
void log_critical(const Parts&... parts) {
  log(LogLevel::critical, parts...);
}

}  // namespace base
