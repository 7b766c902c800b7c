#include "worker/watchdog.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <utility>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "base/signal_name.hpp"
#include "observe/worker_story.hpp"
#include "runtime/thread_state.hpp"

namespace worker {
namespace {

using std::chrono::milliseconds;

constexpr base::LogLevel kLevel = base::LogLevel::warning;

// From the signal to the sample.
constexpr milliseconds kSamplePatience{100};

// Often enough to notice an incident not much later than its limit, its end, and a crash.
base::Duration interval_for(base::Duration limit) {
  constexpr base::Duration kLongest = milliseconds(50);
  constexpr base::Duration kShortest = milliseconds(1);
  return limit == base::Duration::zero() ? kLongest : std::clamp(limit / 4, kShortest, kLongest);
}

// Signals are for the worker's thread: the thread that this starts has them blocked from its first
// instruction.
template <typename Function>
std::jthread start_without_signals(Function function) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread(std::move(function));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

Watchdog::Watchdog(observe::WorkerSlot& slot, const runtime::Stacks& stacks, base::Duration limit,
                   std::map<std::string, std::string> names)
    : slot_(slot),
      limit_(limit),
      sampler_(slot.turns),
      crash_handler_(stacks, slot),
      symboliser_(std::move(names)),
      loop_(limit),
      thread_(start_without_signals([this](const std::stop_token& stop) { run(stop); })) {
  ::pthread_setname_np(thread_.native_handle(), "watchdog");
}

void Watchdog::run(const std::stop_token& stop) {
  const base::Duration interval = interval_for(limit_);
  base::Duration lost{};
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    const base::TimePoint due = base::Clock::now() + interval;
    stopped_.wait_until(lock, stop, due, [] { return false; });
    last = stop.stop_requested();  // before it looks for what it was told
    // One who wakes as late as that was stopped (SIGSTOP, a debugger) or given no time to run (a cgroup's
    // limit), and the loop with him: that time does not count.
    const base::Duration late = base::Clock::now() - due;
    if (late > interval) lost += late;
    const Crash* const crash = crash_handler_.crash();
    try {
      report_told();
      if (!crash && limit_ != base::Duration::zero() && on_) look(base::Clock::now() - lost);
    } catch (const std::bad_alloc&) {
      base::log(kLevel, "The watchdog has no memory for a report");
    }
    // The last thing said: an end of an incident, noticed late, would read as if the worker had lived on.
    if (crash) return report_crash(*crash);
  }
}

void Watchdog::look(base::TimePoint now) {
  switch (loop_.look(slot_, now)) {
    case LoopWatch::Change::blocked:
      if (budget_.take(now)) return report_blocked();
      left_out_ = observe::running_story(slot_, ::getpid());
      return;
    case LoopWatch::Change::unblocked:
      return report_unblocked();
    case LoopWatch::Change::none:
      if (const auto rest = budget_.settle(now)) report_rest(*rest);
  }
}

void Watchdog::report_blocked() {
  if (!base::logs(kLevel)) return;
  std::string story = observe::running_story(slot_, ::getpid());
  // Without hooks, all that waits does so in the kernel: a plugin's sleep is not to end early for the log's
  // sake.
  const bool left_alone = !runtime::PluginCode::enabled && sampler_.thread_waits();
  const StackSample* const sample = left_alone ? nullptr : sampler_.take(kSamplePatience);
  // Where the loop has turned meanwhile, neither the stack nor the request need be the one that held it up.
  if ((sample ? sample->turns : slot_.turns.load()) != loop_.turns()) return;
  base::log(kLevel, "The worker's loop has been blocked for ", base::duration_text(loop_.length()), story,
            sample       ? "; its stack:"
            : left_alone ? "; it waits in the kernel, by a call that taking its stack would interrupt"
                         : "; its stack can't be had, as no signal reaches it");
  story_ = std::move(story);
  if (sample) log_stack(kLevel, sample->stack);
}

void Watchdog::report_unblocked() {
  if (left_out_) budget_.leave_out(loop_.length(), std::move(*left_out_));
  left_out_.reset();
  if (!story_) return;
  base::log(kLevel, "The worker's loop turns again: it was blocked for ", base::duration_text(loop_.length()),
            *story_);
  story_.reset();
}

void Watchdog::report_rest(const ReportBudget::Rest& rest) {
  base::log(kLevel, "The worker's loop was blocked ", rest.count,
            rest.count == 1 ? " more time" : " more times", " in the last minute, for up to ",
            base::duration_text(rest.longest), rest.story);
}

void Watchdog::report_crash(const Crash& crash) {
  base::log_critical(base::signal_name(crash.signal), observe::running_story(slot_, ::getpid()),
                     "; the stack:");
  log_stack(base::LogLevel::critical, crash.stack);
  crash_handler_.reported();
}

void Watchdog::log_with_stack(base::LogLevel level, std::string line, const observe::StackTrace& stack) {
  constexpr std::size_t kMost = 16;
  {
    const std::lock_guard lock(told_mutex_);
    if (told_.size() < kMost) {
      told_.push_back({level, std::move(line), stack});
      return;
    }
  }
  base::log(level, line, " (left out, as others come first)");
}

void Watchdog::stop() {
  thread_.request_stop();
  thread_.join();
}

void Watchdog::report_told() {
  std::vector<Told> told;
  {
    const std::lock_guard lock(told_mutex_);
    told.swap(told_);
  }
  for (const Told& one : told) {
    base::log(one.level, one.line);
    log_stack(one.level, one.stack);
  }
}

void Watchdog::log_stack(base::LogLevel level, const observe::StackTrace& stack) {
  symboliser_.print(stack, [level](const std::string& line) { base::log(level, line); });
}

}  // namespace worker
