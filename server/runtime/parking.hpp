// Where one fiber waits until another, or the reactor, wakes it. Every wait of a request's fiber goes
// through here, so that this is the one place that knows what must be kept across a switch.
#pragma once

#include "runtime/clock.hpp"

namespace boost::fibers {
class context;
}

namespace runtime {

enum class Wake { signalled, timed_out };

class ParkingSpot {
 public:
  ParkingSpot() = default;
  ParkingSpot(const ParkingSpot&) = delete;
  ParkingSpot& operator=(const ParkingSpot&) = delete;

  // Suspends the calling fiber until unpark() or the deadline. One fiber at a time. [worker, may suspend]
  Wake park_until(TimePoint deadline = kNever);

  // Makes the parked fiber ready; nothing happens if none is parked. [worker]
  void unpark() noexcept;

  bool occupied() const noexcept { return parked_ != nullptr; }

 private:
  boost::fibers::context* parked_ = nullptr;
};

// Suspends the calling fiber alone, until `deadline` at least. [worker, may suspend]
void sleep_until(TimePoint deadline);

// Lets every other ready fiber, and the reactor, have a turn. [worker, may suspend]
void yield();

}  // namespace runtime
