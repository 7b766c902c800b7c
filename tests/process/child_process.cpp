#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>

namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& string : strings) all.push_back(string.data());
  all.push_back(nullptr);
  return all;
}

// Whether `environment` has a variable of the same name as `variable`.
bool names(const std::vector<std::string>& environment, std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('=') + 1);
  return std::any_of(environment.begin(), environment.end(),
                     [&](const std::string& other) { return other.starts_with(name); });
}

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& folder,
                           const std::vector<std::string>& environment) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno, "pipe2");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> words = command;
  std::vector<std::string> variables = environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!names(environment, *variable)) variables.emplace_back(*variable);
  }

  const int error = ::posix_spawn(&pid_, words[0].c_str(), &actions, &attributes, pointers(words).data(),
                                  pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) ::close(ends[0]);
  check(error, words[0].c_str());
  pipe_ = ends[0];
  collector_ = std::thread([this] { collect(); });
}

ChildProcess::~ChildProcess() {
  ::kill(-pid_, SIGKILL);
  if (exit_code_ < 0) ::waitpid(pid_, nullptr, 0);
  collector_.join();
}

// Takes what has come while it holds the lock: whoever else does knows by the pipe what is still to come.
void ChildProcess::collect() {
  for (;;) {
    pollfd something{pipe_, POLLIN, 0};
    ::poll(&something, 1, -1);
    const std::lock_guard lock(mutex_);
    char buffer[4096];
    const ssize_t got = ::read(pipe_, buffer, sizeof buffer);
    if (got > 0) output_.append(buffer, static_cast<std::size_t>(got));
    more_.notify_all();
    if (got > 0) continue;
    ::close(pipe_);
    ended_ = true;
    return;
  }
}

void ChildProcess::wait_for_what_is_written() {
  std::unique_lock lock(mutex_);
  const auto is_left = [this] {
    int left = 0;
    return !ended_ && ::ioctl(pipe_, FIONREAD, &left) == 0 && left > 0;
  };
  while (is_left()) more_.wait(lock);
}

void ChildProcess::signal(int number) const { check(::kill(pid_, number) == 0 ? 0 : errno, "kill"); }

int ChildProcess::wait_for_exit(Deadline deadline) {
  if (exit_code_ >= 0) return exit_code_;
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  check(fd >= 0 ? 0 : errno, "pidfd_open");
  pollfd ended{fd, POLLIN, 0};
  const int ready = ::poll(&ended, 1, deadline.milliseconds_left());
  ::close(fd);
  if (ready != 1) throw std::runtime_error("the process did not end in time");

  int status = 0;
  ::waitpid(pid_, &status, 0);
  wait_for_what_is_written();
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

void ChildProcess::wait_for_end_of_output(Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (!more_.wait_until(lock, deadline.end(), [this] { return ended_; }))
    throw std::runtime_error("a process that the test had started did not end in time");
}

std::string ChildProcess::output() const {
  const std::lock_guard lock(mutex_);
  return output_;
}

void ChildProcess::wait_until_written(std::string_view text, Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto written = [&] { return output_.find(text) != std::string::npos; };
  more_.wait_until(lock, deadline.end(), [&] { return ended_ || written(); });
  if (!written()) throw std::runtime_error("the output lacks \"" + std::string(text) + "\"");
}

std::string ChildProcess::wait_for(std::string_view text, Deadline deadline) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool last = ended_ || Deadline::Clock::now() >= deadline.end();
    const std::size_t found = output_.find(text, seen_);
    const std::size_t end = found == std::string::npos ? found : output_.find('\n', found);
    if (end != std::string::npos) {
      const std::size_t newline = output_.rfind('\n', found);
      const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
      seen_ = end + 1;
      return output_.substr(begin, end - begin);
    }
    if (last) throw std::runtime_error("the output lacks \"" + std::string(text) + "\"");
    more_.wait_until(lock, deadline.end());
  }
}
