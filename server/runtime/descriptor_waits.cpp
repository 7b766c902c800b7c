#include "runtime/descriptor_waits.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <new>
#include <utility>

#include "runtime/reactor.hpp"

namespace runtime {

int DescriptorWaits::wait(std::span<DescriptorWait> waits, TimePoint deadline) {
  ParkingSpot spot;
  int result = 0;
  std::size_t never_ready = 0;
  for (DescriptorWait& wait : waits) {
    try {
      result = add(wait, spot);
    } catch (const std::bad_alloc&) {
      result = ENOMEM;  // those before it are still to be taken out of their lists
    }
    if (result == EPERM && ++never_ready < waits.size()) {
      remove(wait);
      result = 0;
    }
    if (result != 0) break;
  }
  if (result == 0) {
    const Wake wake = spot.park_until(deadline, Cut::when_cancelled);
    if (wake != Wake::signalled) result = wake == Wake::timed_out ? ETIMEDOUT : ECANCELED;
  }
  for (DescriptorWait& wait : waits) {
    if (wait.closed_) result = EBADF;
    if (wait.spot_) remove(wait);
  }
  return result;
}

int DescriptorWaits::add(DescriptorWait& wait, ParkingSpot& spot) {
  if (wait.descriptor_ < 0) return 0;  // poll(2) ignores it
  const auto index = static_cast<std::size_t>(wait.descriptor_);
  if (index >= first_.size()) {
    // The vector's elements are pointed to: those that wait are linked anew where it moves.
    std::vector<DescriptorWait*> larger(index + index / 2 + 64);
    for (std::size_t i = 0; i < first_.size(); ++i) {
      larger[i] = first_[i];
      if (larger[i]) larger[i]->link_ = &larger[i];
    }
    first_ = std::move(larger);
  }
  wait.spot_ = &spot;
  wait.link_ = &first_[index];
  wait.next_ = first_[index];
  if (wait.next_) wait.next_->link_ = &wait.next_;
  first_[index] = &wait;
  return arm(wait.descriptor_);
}

// One-shot, and changed before it is added: what is left in the set of a descriptor that was closed unseen
// then neither fires again nor stands in the way of a new one that got its number.
int DescriptorWaits::arm(int descriptor) noexcept {
  std::uint32_t events = EPOLLONESHOT;
  for (const DescriptorWait* wait = first_[static_cast<std::size_t>(descriptor)]; wait; wait = wait->next_) {
    events |= wait->events_;
  }
  return reactor_.arm_once(descriptor, events);
}

void DescriptorWaits::remove(DescriptorWait& wait) noexcept {
  *wait.link_ = wait.next_;
  if (wait.next_) wait.next_->link_ = wait.link_;
  wait.spot_ = nullptr;
}

void DescriptorWaits::handle(int descriptor, std::uint32_t events) {
  constexpr std::uint32_t kAlways = EPOLLERR | EPOLLHUP;
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= first_.size()) return;
  for (DescriptorWait* wait = first_[index]; wait;) {
    DescriptorWait* const next = wait->next_;
    if (events & (wait->events_ | kAlways)) {
      ParkingSpot* const spot = wait->spot_;
      remove(*wait);
      spot->unpark();
    }
    wait = next;
  }
  if (first_[index]) arm(descriptor);
}

void DescriptorWaits::closing(int descriptor) noexcept {
  const auto index = static_cast<std::size_t>(descriptor);
  if (descriptor < 0 || index >= first_.size() || !first_[index]) return;
  for (DescriptorWait* wait = first_[index]; wait; wait = wait->next_) wait->closed_ = true;
  handle(descriptor, EPOLLERR);
  reactor_.disarm(descriptor);
}

}  // namespace runtime
