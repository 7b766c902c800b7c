#include "base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "scope_exit.hpp"

namespace {

// What `write_lines` writes to standard error.
template <typename Function>
std::string log_of(Function write_lines) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const base::UniqueFd read_end(ends[0]);
  {
    const base::UniqueFd write_end(ends[1]);
    const base::UniqueFd standard_error(::dup(STDERR_FILENO));
    ::dup2(write_end.get(), STDERR_FILENO);
    const test::ScopeExit restore([&] { ::dup2(standard_error.get(), STDERR_FILENO); });
    write_lines();
  }
  std::string text(4096, '\0');
  const auto size = ::read(read_end.get(), text.data(), text.size());
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

}  // namespace

TEST_CASE("a log line has the time, the pid and the level before its message") {
  const std::string log = log_of([] { base::log_info("Booting worker with pid: ", 7); });
  std::string stamp = log.substr(0, log.find(']') + 1);
  for (char& c : stamp) {
    if (c >= '0' && c <= '9') c = 'N';
    if (c == '-') c = '+';
  }
  CHECK(stamp == "[NNNN+NN+NN NN:NN:NN +NNNN]");
  CHECK(log.substr(stamp.size()) ==
        " [" + std::to_string(::getpid()) + "] [INFO] Booting worker with pid: 7\n");
}

TEST_CASE("a message can't forge a line of the log") {
  const std::string log = log_of([] { base::log_info("GET /a\n[2026] [1] [INFO] \x1b[2J forged \x7f"); });
  CHECK(log.find("GET /a\\x0a[2026] [1] [INFO] \\x1b[2J forged \\x7f\n") != std::string::npos);
  CHECK(log.find('\n') == log.size() - 1);
}

TEST_CASE("lines below the log level are dropped") {
  const test::ScopeExit restore([] { base::set_log_level(base::LogLevel::info); });
  base::set_log_level(base::LogLevel::error);
  const std::string log = log_of([] {
    base::log_warning("quiet");
    base::log_error("loud");
  });
  CHECK(log.find("quiet") == std::string::npos);
  CHECK(log.find("[ERROR] loud") != std::string::npos);
  CHECK_FALSE(base::logs(base::LogLevel::warning));
}
