#include "base/log.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace base {
namespace {

LogLevel threshold = LogLevel::info;

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warning", "error", "critical"};
constexpr std::array<std::string_view, 5> kTags = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};

}  // namespace

std::string_view name_of(LogLevel level) { return kNames[static_cast<std::size_t>(level)]; }

void set_log_level(LogLevel level) { threshold = level; }

bool logs(LogLevel level) { return level >= threshold; }

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const unsigned char c : text) {
    if (c >= 0x20 && c != 0x7f) {
      out += static_cast<char>(c);
    } else {
      out += "\\x";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  return out;
}

void log_lost_line() noexcept {
  constexpr std::string_view kLine = "A line of the log is lost: there is no memory for it\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kLine.data(), kLine.size());
}

void log_line(LogLevel level, std::string_view message) {
  if (!logs(level)) return;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  char head[96];
  const std::size_t stamp = std::strftime(head, sizeof head, "[%Y-%m-%d %H:%M:%S %z]", &local);
  std::snprintf(head + stamp, sizeof head - stamp, " [%d] [%s] ", static_cast<int>(::getpid()),
                kTags[static_cast<std::size_t>(level)].data());
  std::string line = head;
  line += escaped(message);
  line += '\n';
  // A log that can't be written must not stop the server; there is nowhere left to say so.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace base
