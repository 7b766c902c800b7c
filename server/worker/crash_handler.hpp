// What happens in a worker when its thread crashes (SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL): an overflow of
// a fiber's stack is noted for the master, the watchdog gets a moment to log the stack trace, and then the
// signal has its usual effect, core dump and wait status included. A crash of any other thread, or one more
// meanwhile, ends the process at once. Owned by the watchdog; one a process.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "observe/scoreboard.hpp"
#include "observe/stack_trace.hpp"

namespace runtime {
class Stacks;
}

namespace worker {

struct Crash {
  int signal;
  observe::StackTrace stack;
};

class CrashHandler {
 public:
  // For the calling thread, which has a base::AlternateStack. A signal that someone handles already, as a
  // sanitizer does, is left to them; and a plugin may set handlers of its own later.
  CrashHandler(const runtime::Stacks& stacks, observe::WorkerSlot& slot);
  ~CrashHandler();
  CrashHandler(const CrashHandler&) = delete;
  CrashHandler& operator=(const CrashHandler&) = delete;

  // The crash that is under way and waits to be reported, or null. [watchdog]
  const Crash* crash() const {
    return state_.load(std::memory_order_acquire) == State::crashed ? &crash_ : nullptr;
  }

  // It has been reported: lets the process end. [watchdog]
  void reported() { state_.store(State::reported, std::memory_order_release); }

 private:
  static void on_signal(int signal, siginfo_t* info, void* context) noexcept;
  void note(int signal, const siginfo_t& info) noexcept;
  void note_overflow(const void* fault) noexcept;
  void wait_for_report() const noexcept;

  enum class State { well, noting, crashed, reported };

  const runtime::Stacks& stacks_;
  observe::WorkerSlot& slot_;
  const pid_t process_;
  const pid_t thread_;
  const std::size_t page_;
  std::array<bool, 5> ours_;  // by signal: whether we handle it

  std::atomic<State> state_{State::well};
  Crash crash_{};
};

}  // namespace worker
