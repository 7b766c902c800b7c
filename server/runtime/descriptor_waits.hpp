// Waiting for descriptors that the runtime neither opened nor sees closed: those of plugins and of the
// libraries they use. Unlike a Watch, a wait leaves nothing behind that a later descriptor of the same number
// could trip over. Owned by the reactor, on the worker's thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/parking.hpp"

namespace runtime {

class Reactor;

// One descriptor that a fiber waits for. Lives on that fiber's stack.
class DescriptorWait {
 public:
  // `events` as for poll(2): POLLIN, POLLOUT, POLLPRI, POLLRDHUP.
  DescriptorWait(int descriptor, std::uint32_t events) : descriptor_(descriptor), events_(events) {}

 private:
  friend class DescriptorWaits;

  int descriptor_;
  std::uint32_t events_;
  bool closed_ = false;
  ParkingSpot* spot_ = nullptr;  // null while it is in no list
  DescriptorWait* next_ = nullptr;
  DescriptorWait** link_ = nullptr;  // what points to this one
};

class DescriptorWaits {
 public:
  explicit DescriptorWaits(Reactor& reactor) : reactor_(reactor) {}
  DescriptorWaits(const DescriptorWaits&) = delete;
  DescriptorWaits& operator=(const DescriptorWaits&) = delete;

  // Suspends the calling fiber until one of them is ready or being closed, or the deadline passes. Being
  // woken promises nothing: try the call again. 0; ETIMEDOUT; ECANCELED: so is the fiber's task; EBADF: one
  // was closed meanwhile; EPERM: all of them are regular files or the like, which no event ever comes from;
  // what else epoll_ctl(2) fails with. [worker, may suspend]
  int wait(std::span<DescriptorWait> waits, TimePoint deadline);

  // Wakes who waits for a descriptor that is about to be closed. [worker]
  void closing(int descriptor) noexcept;

 private:
  friend class Reactor;
  void handle(int descriptor, std::uint32_t events);

  int add(DescriptorWait& wait, ParkingSpot& spot);
  int arm(int descriptor) noexcept;
  static void remove(DescriptorWait& wait) noexcept;

  Reactor& reactor_;
  std::vector<DescriptorWait*> first_;  // by descriptor
};

}  // namespace runtime
