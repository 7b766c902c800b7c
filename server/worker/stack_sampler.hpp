// Takes the stack trace of one thread at the wish of another, by a signal (SIGRTMAX-3): its handler runs on
// the thread's alternate stack and notes where the thread was. A system call that blocks there may return
// EINTR, as for any signal handler (signal(7), "Interruption of system calls"); those that can be restarted
// are. Owned by the watchdog; one a process.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "observe/stack_trace.hpp"

namespace worker {

struct StackSample {
  observe::StackTrace stack;
  std::uint64_t turns;  // of the reactor, when it was taken
};

class StackSampler {
 public:
  // Made on the thread to be sampled, which has a base::AlternateStack. `turns` is read at each sample.
  // Throws std::system_error.
  explicit StackSampler(const std::atomic<std::uint64_t>& turns);
  ~StackSampler();
  StackSampler(const StackSampler&) = delete;
  StackSampler& operator=(const StackSampler&) = delete;

  // The thread's stack now, valid until the next call; null where none has come after `patience`: the thread
  // blocks signals, or waits in the kernel where none reaches it. [watchdog]
  const StackSample* take(base::Duration patience);

  // Whether the thread waits in the kernel now, in a call that a signal would interrupt: state S of proc(5).
  // [watchdog]
  bool thread_waits() const;

 private:
  static void on_signal(int) noexcept;

  enum class State { idle, asked, answering, answered };

  const std::atomic<std::uint64_t>& turns_;
  const pid_t thread_;
  struct sigaction before_;

  std::atomic<State> state_{State::idle};
  StackSample sample_{};
};

}  // namespace worker
