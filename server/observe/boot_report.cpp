#include "observe/boot_report.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace observe {
namespace {

// On the wire a report is one line: the code as a decimal number, a space, the reason.
constexpr std::size_t kLongestReason = 4096;
constexpr std::size_t kLongestLine = kLongestReason + 16;

constexpr std::array kCodes = {base::ExitCode::clean, base::ExitCode::bad_config, base::ExitCode::worker_boot,
                               base::ExitCode::plugin_load};

BootReport parse(std::string_view line) {
  int number = -1;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const auto code = std::find(kCodes.begin(), kCodes.end(), static_cast<base::ExitCode>(number));
  if (error != std::errc() || code == kCodes.end() || end == line.data() + line.size() || *end != ' ') {
    // A plugin may write to any descriptor of its worker: what comes over the channel is not to be trusted.
    return {base::ExitCode::worker_boot, "the worker's boot report can't be read"};
  }
  return {*code, std::string(end + 1, line.data() + line.size())};
}

}  // namespace

void send_boot_report(int channel, const BootReport& report) {
  std::string line = std::to_string(static_cast<int>(report.code)) + " ";
  line += std::string_view(report.reason).substr(0, kLongestReason);
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const auto sent = ::send(channel, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::optional<BootReport> receive_boot_report(int channel, std::string& buffer, bool& ended) {
  std::array<char, 512> part;
  while (buffer.find('\n') == std::string::npos) {
    const auto size = ::recv(channel, part.data(), part.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return std::nullopt;
    if (size <= 0 || buffer.size() > kLongestLine) {
      ended = true;
      return std::nullopt;
    }
    buffer.append(part.data(), static_cast<std::size_t>(size));
  }
  const std::string line = buffer.substr(0, buffer.find('\n'));
  buffer.erase(0, line.size() + 1);
  return parse(line);
}

void send_drain_report(int channel) {
  constexpr char kDraining = 'd';
  [[maybe_unused]] const auto sent =
      ::send(channel, &kDraining, sizeof kDraining, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool receive_drain_report(int channel, bool& ended) {
  char report;
  const auto size = ::recv(channel, &report, sizeof report, MSG_DONTWAIT);
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) ended = true;
  return size > 0;
}

}  // namespace observe
