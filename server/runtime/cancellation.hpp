// That a task is to end before its time, as it takes too long or nobody wants what it makes: the wait that
// its fiber is in ends, and so does each one after it. Part of a Task, on the worker's thread.
#pragma once

#include <atomic>

#include "runtime/clock.hpp"

namespace boost::fibers {
class context;
}

namespace runtime {

class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  // Cancels the task. Asked again, it has the task told once more where its fiber waits. [worker]
  void request() noexcept;

  // [any thread]
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

  // Whether waits end, and are refused: requested, and not disabled.
  bool cuts_waits() const noexcept { return requested() && enabled_; }

  // Whether waits heed it, as pthread_setcancelstate(3) has it for a thread; gives what was so before.
  bool exchange_enabled(bool enabled) noexcept;

 private:
  friend class ParkingSpot;

  // How long to put off the refusal of the next wait. Who does not care for cancellation, and tries again and
  // again, must not have the worker to itself.
  Duration next_pause() noexcept;

  std::atomic<bool> requested_ = false;
  bool enabled_ = true;
  bool told_ = false;                         // the task knows where its fiber waits
  bool woke_ = false;                         // the fiber that was parked
  boost::fibers::context* parked_ = nullptr;  // the fiber, while it waits
  unsigned refusals_ = 0;
};

}  // namespace runtime
