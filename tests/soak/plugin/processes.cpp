// Children of a request. They cost more than all else, so they are rolled less often.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "operations.hpp"

extern char** environ;

namespace soak {
namespace {

void waits_for(pid_t child, int code) {
  require(child > 0, "no child");
  int status = 0;
  require(::waitpid(child, &status, 0) == child, "waitpid failed");
  require(WIFEXITED(status) && WEXITSTATUS(status) == code, "a child's exit code is another's");
}

void forks(Dice& dice) {
  const int code = dice.roll(100);
  const int microseconds = dice.roll(5'000);
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(static_cast<useconds_t>(microseconds));
    ::_exit(code);
  }
  waits_for(child, code);
}

void spawns(Dice& dice) {
  const int code = dice.roll(100);
  std::string command = "exit " + std::to_string(code);
  char shell[] = "sh", flag[] = "-c";
  char* const arguments[] = {shell, flag, command.data(), nullptr};
  pid_t child = 0;
  require(::posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments, environ) == 0, "posix_spawn failed");
  waits_for(child, code);
}

void runs_a_command(Dice& dice) {
  const int code = dice.roll(100);
  const int status =
      std::system(("sleep 0.00" + std::to_string(dice.roll(9)) + "; exit " + std::to_string(code)).c_str());
  require(WIFEXITED(status) && WEXITSTATUS(status) == code, "system gave another's exit code");
}

void reads_from_a_command(Dice& dice) {
  const int number = dice.roll(1'000'000);
  std::FILE* const pipe = ::popen(("sleep 0.002; echo " + std::to_string(number)).c_str(), "re");
  require(pipe != nullptr, "popen failed");
  char line[64] = "";
  const bool read = std::fgets(line, sizeof line, pipe) != nullptr;
  require(::pclose(pipe) == 0, "pclose failed");
  require(read && std::atoi(line) == number, "popen gave another's output");
}

constexpr Operation kTable[] = {
    {"fork", forks}, {"posix_spawn", spawns}, {"system", runs_a_command}, {"popen", reads_from_a_command}};

}  // namespace

const std::span<const Operation> kProcesses = kTable;

}  // namespace soak
