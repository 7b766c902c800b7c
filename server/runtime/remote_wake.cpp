#include "runtime/remote_wake.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "runtime/reactor.hpp"

namespace runtime {
namespace {

int make_event() {
  const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (event < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return event;
}

}  // namespace

RemoteWakes::RemoteWakes(Reactor& reactor)
    : event_(make_event()), watch_(reactor, event_.get(), this, Watch::Trigger::level) {}

void RemoteWakes::push(RemoteWake& wake) noexcept {
  RemoteWake* before = last_.load(std::memory_order_relaxed);
  do {
    wake.before_ = before;
  } while (!last_.compare_exchange_weak(before, &wake, std::memory_order_release, std::memory_order_relaxed));
  if (before) return;  // who put that one there tells the reactor
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t told = ::write(event_.get(), &one, sizeof one);
}

void RemoteWakes::on_readable() {
  interrupted_ = false;  // no handler is at work here, though one may have been left by siglongjmp(3)
  std::uint64_t count;
  [[maybe_unused]] const ssize_t heard = ::read(event_.get(), &count, sizeof count);
  RemoteWake* wake = last_.exchange(nullptr, std::memory_order_acquire);
  RemoteWake* first = nullptr;  // first come, first woken
  while (wake) {
    RemoteWake* const before = std::exchange(wake->before_, first);
    first = std::exchange(wake, before);
  }
  while (first) {
    RemoteWake* const next = first->before_;
    RemoteWakes::wake(*first);
    first = next;
  }
}

void RemoteWakes::wake(RemoteWake& wake) noexcept {
  wake.woken_ = true;
  wake.spot_.unpark();
}

RemoteWake::RemoteWake(Reactor& reactor) : inbox_(reactor.remote_wakes()) {}

Wake RemoteWake::wait_until(TimePoint deadline, Cut cut) {
  while (!woken_) {
    const Wake wake = spot_.park_until(deadline, cut);
    if (wake != Wake::signalled && !woken_) return wake;
  }
  return Wake::signalled;
}

}  // namespace runtime
