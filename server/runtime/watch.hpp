// A descriptor's readiness, as the reactor last heard of it. It neither owns nor closes the descriptor, and
// must end before that is closed. Edge-triggered: try the call first, wait only after EAGAIN (epoll(7)).
#pragma once

#include <cstdint>

#include "runtime/clock.hpp"
#include "runtime/parking.hpp"

namespace runtime {

class Reactor;

// Told of readiness while no fiber waits for it. Runs in the reactor: it must not suspend.
class ReadinessObserver {
 public:
  virtual void on_readable() = 0;

 protected:
  ~ReadinessObserver() = default;
};

class Watch {
 public:
  enum class Trigger {
    edge,   // a stream that is read until it gives no more
    level,  // read events only, told again at each turn until they are gone: a listener
  };

  // Throws std::system_error where the kernel refuses the descriptor (EPERM: a regular file).
  Watch(Reactor& reactor, int fd, ReadinessObserver* observer = nullptr, Trigger trigger = Trigger::edge);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Whether something may be there to read. The reader notes by expect_readable() that it has read all there
  // was, by presume_readable() that it has not.
  bool readable() const { return readable_; }

  // Whether the peer has closed its side, or all of it is at an end: then nothing can be written either.
  bool hung_up() const { return hung_up_; }
  bool broken() const { return broken_; }

  void expect_readable() { readable_ = hung_up_; }
  void presume_readable() { readable_ = true; }

  // Suspends the calling fiber until the descriptor is ready, the deadline passes or the fiber's task is
  // cancelled. One fiber each. [worker, may suspend]
  Wake wait_readable(TimePoint deadline) { return reader_.park_until(deadline, Cut::when_cancelled); }
  Wake wait_writable(TimePoint deadline) { return writer_.park_until(deadline, Cut::when_cancelled); }

  bool reader_waits() const { return reader_.occupied(); }
  bool writer_waits() const { return writer_.occupied(); }

 private:
  friend class Reactor;
  void handle(std::uint32_t events);

  Reactor& reactor_;
  ReadinessObserver* const observer_;
  const int fd_;
  bool readable_ = false;
  bool hung_up_ = false;  // the peer has closed its side, or the connection is broken: reading says which
  bool broken_ = false;
  ParkingSpot reader_;
  ParkingSpot writer_;
};

}  // namespace runtime
