// The worker's fiber scheduler: first come, first served, and where no fiber is ready the thread waits in
// the reactor. After Boost.Fiber, "Customizing", and "Integrating Fibers with Asynchronous Callbacks".
#pragma once

#include <boost/fiber/algo/algorithm.hpp>
#include <boost/fiber/context.hpp>
#include <boost/fiber/scheduler.hpp>
#include <cstddef>
#include <optional>
#include <span>

#include "runtime/clock.hpp"

namespace runtime {

class Reactor;
class Stacks;

class Scheduler final : public boost::fibers::algo::algorithm {
 public:
  // Made by boost::fibers::use_scheduling_algorithm<Scheduler>(), once, on the worker's thread; both outlive
  // it.
  Scheduler(Reactor& reactor, const Stacks& stacks);

  // Whether the calling thread is a worker's: on any other, nothing of the runtime can wait. [any thread]
  static bool runs_here() noexcept;

  void awakened(boost::fibers::context* fiber) noexcept override;
  boost::fibers::context* pick_next() noexcept override;
  bool has_ready_fibers() const noexcept override { return !ready_.empty(); }
  void suspend_until(const TimePoint& deadline) noexcept override;

  // For wake-ups from other threads, of which there are none: those post to the reactor.
  void notify() noexcept override {}

  // The fiber's stack that holds `address`; nothing on a thread that has no scheduler. [any thread]
  static std::optional<std::span<std::byte>> stack_of(const void* address);

 private:
  void tell_sanitizer(boost::fibers::context* next) noexcept;

  static inline constinit thread_local const Scheduler* of_this_thread_ = nullptr;

  Reactor& reactor_;
  const Stacks& stacks_;
  boost::fibers::scheduler::ready_queue_type ready_;
  bool looked_ = false;  // the reactor has had its turn since the dispatcher last let fibers run
};

}  // namespace runtime
