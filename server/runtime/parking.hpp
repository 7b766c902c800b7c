// Where one fiber waits until another, or the reactor, wakes it. Every wait of a request's fiber goes
// through here, so that this is the one place that knows what must be kept across a switch.
#pragma once

#include "runtime/clock.hpp"

namespace boost::fibers {
class context;
}

namespace runtime {

class Cancellation;
class Task;

enum class Wake { signalled, timed_out, cancelled };

// Whether a wait ends when its fiber's task is cancelled. One that does is refused once it has been: every
// caller must bear Wake::cancelled, and go back to where it was called from.
enum class Cut { never, when_cancelled };

class ParkingSpot {
 public:
  ParkingSpot() = default;
  ParkingSpot(const ParkingSpot&) = delete;
  ParkingSpot& operator=(const ParkingSpot&) = delete;

  // Suspends the calling fiber until unpark(), the deadline or, where it may be cut, the cancellation of its
  // task. One fiber at a time. [worker, may suspend]
  Wake park_until(TimePoint deadline = kNever, Cut cut = Cut::never);

  // Makes the parked fiber ready; nothing happens if none is parked. [worker]
  void unpark() noexcept;

  bool occupied() const noexcept { return parked_ != nullptr; }

 private:
  Wake park(TimePoint deadline, Cancellation* cancellation);
  Wake park_cancelled(Task& task, TimePoint deadline, Cut cut);

  boost::fibers::context* parked_ = nullptr;
};

// Suspends the calling fiber alone, until `deadline` at least: timed_out, unless its task is cancelled.
// [worker, may suspend]
Wake sleep_until(TimePoint deadline);

// Lets every other ready fiber, and the reactor, have a turn. [worker, may suspend]
void yield();

}  // namespace runtime
