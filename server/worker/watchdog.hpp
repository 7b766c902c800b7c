// Watches a worker's loop from a thread of its own, and says in the log who holds it up and where: the
// request, and the stack trace of its fiber. Gives a crash its stack trace too. It only ever looks, so that
// the loop does nothing for it. Owned by the worker; one a process.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/alternate_stack.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "observe/scoreboard.hpp"
#include "observe/symboliser.hpp"
#include "worker/crash_handler.hpp"
#include "worker/loop_watch.hpp"
#include "worker/report_budget.hpp"
#include "worker/stack_sampler.hpp"

namespace worker {

class Watchdog {
 public:
  // For the calling thread, which destroys it too. Reports a crash from now on, and a loop that is blocked
  // for `limit` (zero: never) while watch_loop() says so. `names`: see observe::Symboliser. Throws
  // std::system_error.
  Watchdog(observe::WorkerSlot& slot, const runtime::Stacks& stacks, base::Duration limit,
           std::map<std::string, std::string> names);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Off at first: a plugin that blocks in its start, or its stop, holds up nobody. [worker]
  void watch_loop(bool on) { on_ = on; }

  // Logs the line, and below it the stack in words; or the line alone, where too many stacks are still to be
  // put into words. [worker]
  void log_with_stack(base::LogLevel level, std::string line, const observe::StackTrace& stack);

  // Waits until all that it was told is in the log. From then on nothing is reported. [worker]
  void stop();

 private:
  void run(const std::stop_token& stop);
  void look(base::TimePoint now);
  void report_blocked();
  void report_unblocked();
  void report_rest(const ReportBudget::Rest& rest);
  void report_crash(const Crash& crash);
  void report_told();
  void log_stack(base::LogLevel level, const observe::StackTrace& stack);

  observe::WorkerSlot& slot_;
  const base::Duration limit_;
  const base::AlternateStack handlers_stack_;

  StackSampler sampler_;
  CrashHandler crash_handler_;
  observe::Symboliser symboliser_;
  LoopWatch loop_;
  std::optional<std::string> story_;     // of the incident that goes on, once it has been reported
  std::optional<std::string> left_out_;  // the same, of one that is not
  ReportBudget budget_;
  std::atomic<bool> on_ = false;

  struct Told {
    base::LogLevel level;
    std::string line;
    observe::StackTrace stack;
  };
  std::mutex told_mutex_;  // never held for long: the loop takes it
  std::vector<Told> told_;

  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace worker
