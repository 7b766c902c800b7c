// How a fiber acquires what can be held: a mutex, a rwlock, a semaphore. The real call that doesn't wait is
// tried; where it finds the thing busy, the fiber waits at its address. So fibers and real threads share it:
// a thread that waits is woken by the real release, a fiber by the look at the address that follows it.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "hooks/address_wait.hpp"
#include "hooks/deadline.hpp"
#include "hooks/gate.hpp"
#include "runtime/parking.hpp"

namespace hooks {

// When to look again at what may change unseen: soon at first, then ever less often.
class Intervals {
 public:
  explicit Intervals(Duration longest = std::chrono::milliseconds(50)) : longest_(longest) {}

  TimePoint next() { return Clock::now() + std::exchange(next_, std::min(2 * next_, longest_)); }

 private:
  const Duration longest_;
  Duration next_ = std::chrono::milliseconds(1);
};

// A fiber that has just been woken has not got what it was woken for: who let go of it could take it again at
// once, and would do so for ever in a loop that waits only while it holds it.
class Turn {
 public:
  // Wakes one that waits at the address. [any thread]
  static void pass(const void* address) noexcept {
    if (wake_at(address, 1) > 0) note_passed(address);
  }

  static void note_passed(const void* address) noexcept { passed_ = address; }

  // Lets it have its turn first. [worker, may suspend]
  static void await(ThreadState& state, const void* address) {
    if (passed_ == address) [[unlikely]]
      await_passed(state);
  }

 private:
  [[gnu::cold]] static void await_passed(ThreadState& state) {
    passed_ = nullptr;
    state.waits();
    runtime::yield();
  }

  static inline constinit thread_local const void* passed_ = nullptr;
};

// Suspends the fiber until `attempt()` gives anything but EBUSY, and returns that, ETIMEDOUT, or ECANCELED
// where it may be cut. Where `unseen()` says that it may be released without a look at the address, the
// attempt is made again at intervals. [worker, may suspend]
template <typename Attempt, typename Unseen>
[[gnu::cold]] int wait_to_acquire(ThreadState& state, const void* address, TimePoint deadline,
                                  Attempt attempt, Unseen unseen, runtime::Cut cut = runtime::Cut::never) {
  Intervals intervals;
  runtime::Wake woken = runtime::Wake::signalled;
  state.waits();
  while (woken == runtime::Wake::signalled) {
    AddressWait wait(state.reactor(), address);
    TimePoint look;
    do {
      const int result = attempt();
      if (result != EBUSY) return result;
      look = unseen() ? intervals.next() : kNever;
      woken = look < deadline ? wait.look_until(look, cut) : wait.wait_until(deadline, cut);
    } while (woken == runtime::Wake::timed_out && look < deadline);
  }
  Turn::pass(address);  // the next one may have to look from time to time, which this one did for all
  return woken == runtime::Wake::cancelled ? ECANCELED : ETIMEDOUT;
}

}  // namespace hooks
