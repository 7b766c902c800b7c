#include "supervised.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/signal_fd.hpp"
#include "master/master.hpp"
#include "observe/worker_report.hpp"

using namespace std::chrono_literals;

namespace {

// Only a test that fails waits for so long.
constexpr auto kPatience = 20s;

}  // namespace

void report_ready(const master::Seat& seat) {
  seat.slot.waiting = true;
  observe::send_report(seat.channel.get(), {});
}

void ask_for_replacement(const master::Seat& seat, const std::string& reason) {
  observe::send_report(seat.channel.get(),
                       {.kind = observe::WorkerReport::Kind::asks_replacement, .reason = reason});
}

int serve(master::Seat seat) {
  constexpr std::array kSignals = {SIGTERM, SIGQUIT};
  const base::SignalFd signals(kSignals);
  report_ready(seat);
  std::array<pollfd, 2> sources = {{{signals.fd(), POLLIN, 0}, {seat.channel.get(), POLLIN, 0}}};
  ::poll(sources.data(), sources.size(), -1);
  char byte;
  if (::recv(seat.channel.get(), &byte, 1, MSG_DONTWAIT) == 1) base::log_info("Told to drain");
  return 0;
}

int fail_boot(master::Seat seat, base::ExitCode code, const std::string& reason) {
  observe::send_report(seat.channel.get(), {.code = code, .reason = reason});
  return static_cast<int>(code);
}

int crash(int signal) {
  ::raise(signal);
  return 0;
}

int hang() {
  for (;;) ::pause();
}

config::Settings settings(unsigned workers) {
  config::Settings settings;
  settings.binds = {net::Endpoint::parse("127.0.0.1:0")};
  settings.workers = workers;
  return settings;
}

Supervised::Supervised(config::Settings first, master::WorkerMain worker_main)
    : Supervised(first, std::move(worker_main), [first] { return first; }) {}

Supervised::Supervised(config::Settings first, master::WorkerMain worker_main,
                       master::ReadSettings read_settings) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  log_end_.reset(ends[0]);
  base::UniqueFd write_end(ends[1]);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ > 0) {
    ::setpgid(pid_, pid_);
    return;
  }
  ::setpgid(0, 0);
  // The test framework's handlers are not the server's.
  for (const int number : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGTERM, SIGINT}) ::signal(number, SIG_DFL);
  ::dup2(write_end.get(), STDERR_FILENO);
  log_end_.reset();
  write_end.reset();
  master::Master master(std::move(first), std::move(read_settings), std::move(worker_main));
  ::_exit(master.run());
}

Supervised::~Supervised() {
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Supervised::signal(int number) const { ::kill(pid_, number); }

bool Supervised::read_some(std::chrono::milliseconds patience) {
  pollfd source{log_end_.get(), POLLIN, 0};
  if (::poll(&source, 1, static_cast<int>(patience.count())) != 1) return false;
  std::array<char, 4096> part;
  const auto size = ::read(log_end_.get(), part.data(), part.size());
  if (size > 0) log_.append(part.data(), static_cast<std::size_t>(size));
  log_ended_ = size == 0;
  return size > 0;
}

std::string Supervised::wait_for(std::string_view text) {
  const auto deadline = base::Clock::now() + kPatience;
  for (;;) {
    for (std::size_t end; (end = log_.find('\n', seen_)) != std::string::npos;) {
      const std::string line = log_.substr(seen_, end - seen_);
      seen_ = end + 1;
      if (line.find(text) != std::string::npos) return line;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - base::Clock::now());
    if (left <= 0ms || !read_some(left)) {
      throw std::runtime_error("no line with \"" + std::string(text) + "\" in:\n" + log_);
    }
  }
}

pid_t Supervised::wait_for_worker(unsigned index, unsigned generation) {
  const std::string line =
      wait_for("(index " + std::to_string(index) + ", generation " + std::to_string(generation) + ")");
  return pid_in(line);
}

int Supervised::wait_for_exit() {
  // The log ends when the last process that could write to it has.
  while (read_some(kPatience)) {
  }
  if (!log_ended_) throw std::runtime_error("not all processes have ended:\n" + log_);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

const std::string& Supervised::log() {
  while (read_some(0ms)) {
  }
  return log_;
}

pid_t pid_in(const std::string& line) {
  const auto number = line.find_first_of("0123456789", line.find("pid:"));
  return static_cast<pid_t>(std::stol(line.substr(number)));
}

bool lives(pid_t pid) { return ::kill(pid, 0) == 0; }
