// A master with workers that the test makes up, run in a child of the test; its log is read from a pipe and
// waited for line by line.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/exit_code.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "master/seat.hpp"

// --- lives of a worker --------------------------------------------------------------------------------

// Reports that it is ready and waits to be told to drain, by the channel or by TERM, or to end.
int serve(master::Seat seat);
// Reports that it could not boot.
int fail_boot(master::Seat seat, base::ExitCode code, const std::string& reason);
// Dies of a signal.
int crash(int signal);
// Hears nothing but SIGKILL, and signals that are not blocked in a worker.
int hang();
// Reports that it is ready; that it should be replaced.
void report_ready(const master::Seat& seat);
void ask_for_replacement(const master::Seat& seat, const std::string& reason);

// --- the server ---------------------------------------------------------------------------------------

// One free port of the loopback, `workers` workers, patience for a slow machine.
config::Settings settings(unsigned workers);

class Supervised {
 public:
  Supervised(config::Settings first, master::WorkerMain worker_main);
  Supervised(config::Settings first, master::WorkerMain worker_main, master::ReadSettings read_settings);
  // Kills the master and all workers.
  ~Supervised();
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  void signal(int number) const;
  pid_t pid() const { return pid_; }

  // Waits for a line with `text` behind the one that the last call returned. Throws, with the log so far,
  // where none comes.
  std::string wait_for(std::string_view text);

  // Waits for a worker of this index and generation to be started, and gives its pid.
  pid_t wait_for_worker(unsigned index, unsigned generation);

  // Waits for the master's end, and for that of all workers; the master's exit code.
  int wait_for_exit();

  // All that has been logged by now.
  const std::string& log();
  bool has_logged(std::string_view text) { return log().find(text) != std::string::npos; }

 private:
  bool read_some(std::chrono::milliseconds patience);

  pid_t pid_ = -1;
  base::UniqueFd log_end_;
  std::string log_;
  std::size_t seen_ = 0;
  bool log_ended_ = false;
};

// The pid behind "pid: " or "pid:" in a line.
pid_t pid_in(const std::string& line);

// Whether the process is there.
bool lives(pid_t pid);
