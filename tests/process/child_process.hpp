// A program under test, run as a child of the test in a process group of its own. A thread collects what it
// and its descendants write to standard output and error; the test waits for words in it, never for time.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "deadline.hpp"

class ChildProcess {
 public:
  // Runs `command` in `folder`, with `environment` ("NAME=value") over the test's own.
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& folder,
               const std::vector<std::string>& environment = {});
  // Kills the whole group.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const;

  // Waits for its end: its exit code, or 128 plus the signal that ended it. Throws at the deadline.
  int wait_for_exit(Deadline deadline = {});

  // Waits until it and all its descendants have closed their output, which they do when they end. Throws
  // at the deadline.
  void wait_for_end_of_output(Deadline deadline = {});

  // Everything written so far.
  std::string output() const;

  // Waits for a whole line with `text` in it behind the one that the last call returned, and returns it.
  // Throws when the output ends or the deadline passes without one.
  std::string wait_for(std::string_view text, Deadline deadline = {});

  // Waits until `text` has been written, before or after.
  void wait_until_written(std::string_view text, Deadline deadline = {});

 private:
  void collect();
  void wait_for_what_is_written();

  pid_t pid_ = -1;
  int pipe_ = -1;  // from its output
  int exit_code_ = -1;

  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::string output_;
  std::size_t seen_ = 0;  // where the next wait_for() begins to look
  bool ended_ = false;
  std::thread collector_;
};
