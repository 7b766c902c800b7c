#include "observe/worker_report.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace observe {
namespace {

// On the wire a report is one line: a letter for its kind, the code as a decimal number, a space, the reason.
constexpr std::string_view kKinds = "brd";  // in the order of Kind
constexpr std::size_t kLongestReason = 4096;
constexpr std::size_t kLongestLine = kLongestReason + 16;

constexpr std::array kCodes = {base::ExitCode::clean, base::ExitCode::bad_config, base::ExitCode::worker_boot,
                               base::ExitCode::plugin_load};

WorkerReport parse(std::string_view line) {
  const std::size_t kind = line.empty() ? kKinds.npos : kKinds.find(line.front());
  if (!line.empty()) line.remove_prefix(1);
  int number = -1;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  const auto code = std::find(kCodes.begin(), kCodes.end(), static_cast<base::ExitCode>(number));
  if (kind == kKinds.npos || error != std::errc() || code == kCodes.end() ||
      end == line.data() + line.size() || *end != ' ') {
    // A plugin may write to any descriptor of its worker: what comes over the channel is not to be trusted.
    return {.code = base::ExitCode::worker_boot, .reason = "the worker's boot report can't be read"};
  }
  return {static_cast<WorkerReport::Kind>(kind), *code, std::string(end + 1, line.data() + line.size())};
}

}  // namespace

void send_report(int channel, const WorkerReport& report) {
  std::string line(1, kKinds[static_cast<std::size_t>(report.kind)]);
  line += std::to_string(static_cast<int>(report.code)) + " ";
  line += std::string_view(report.reason).substr(0, kLongestReason);
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  // A master that is stopped and hears nothing must not stop its worker too.
  [[maybe_unused]] const auto sent = ::send(channel, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::optional<WorkerReport> receive_report(int channel, std::string& buffer, bool& ended) {
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

}  // namespace observe
