#include "runtime/parking.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <boost/fiber/context.hpp>
#include <boost/version.hpp>
#include <cerrno>
#include <utility>

#include "runtime/sanitizer.hpp"
#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"

namespace runtime {
namespace {

#if BOOST_VERSION < 108800
// The C++ runtime keeps the stack of caught exceptions by thread (Itanium C++ ABI, Exception Handling,
// section 2.2.2). A fiber that waits inside a catch block must not leave its own there for the next fiber:
// `throw;` would then rethrow another request's exception. Boost.Context does this itself from 1.88 on.
struct ExceptionGlobals {
  void* caught;
  unsigned int uncaught;
};

ExceptionGlobals exchange_exception_globals(ExceptionGlobals with) noexcept {
  return std::exchange(*reinterpret_cast<ExceptionGlobals*>(abi::__cxa_get_globals()), with);
}
#endif

// Keeps what belongs to the fiber while other fibers have the thread.
template <typename Switch>
void switch_away(Switch&& away) noexcept {
  Task* const task = Task::exchange_current(nullptr);
  ThreadState* const active = ThreadState::exchange_active(nullptr);
  ThreadState* const state = ThreadState::exchange_current(nullptr);
  const int error = errno;
  ThreadSettings* const settings = ThreadSettings::leave();
#if BOOST_VERSION < 108800
  const ExceptionGlobals globals = exchange_exception_globals({nullptr, 0});
#endif
  away();
  sanitizer::arrived();
#if BOOST_VERSION < 108800
  exchange_exception_globals(globals);
#endif
  ThreadSettings::enter(settings);
  errno = error;
  ThreadState::exchange_current(state);
  ThreadState::exchange_active(active);
  Task::exchange_current(task);
}

}  // namespace

Wake ParkingSpot::park_until(TimePoint deadline, Cut cut) {
  Task* const task = Task::current();
  if (!task) return park(deadline, nullptr);
  Cancellation& cancellation = task->cancellation();
  if (cancellation.requested()) [[unlikely]]
    return park_cancelled(*task, deadline, cut);
  const Wake wake = park(deadline, &cancellation);
  return wake == Wake::cancelled ? park_cancelled(*task, deadline, cut) : wake;
}

Wake ParkingSpot::park(TimePoint deadline, Cancellation* cancellation) {
  auto* const self = boost::fibers::context::active();
  parked_ = self;
  if (cancellation) {
    cancellation->parked_ = self;
    cancellation->woke_ = false;
  }
  switch_away([&] {
    if (deadline == kNever) {
      self->suspend();
    } else {
      self->wait_until(deadline);
    }
  });
  if (cancellation) cancellation->parked_ = nullptr;
  if (!std::exchange(parked_, nullptr)) return Wake::signalled;
  return cancellation && cancellation->woke_ ? Wake::cancelled : Wake::timed_out;
}

// A wait of a task that has been cancelled, before or just now.
Wake ParkingSpot::park_cancelled(Task& task, TimePoint deadline, Cut cut) {
  Cancellation& cancellation = task.cancellation();
  for (;;) {
    if (!std::exchange(cancellation.told_, true)) task.tell_interrupted();
    TimePoint end = deadline;
    if (cut == Cut::when_cancelled && cancellation.cuts_waits()) {
      const Duration pause = cancellation.next_pause();
      if (pause == Duration::zero()) {
        yield();
        return Wake::cancelled;
      }
      end = std::min(deadline, Clock::now() + pause);
    }
    const Wake wake = park(end, &cancellation);
    if (wake == Wake::cancelled) continue;  // asked again, where it is
    return wake == Wake::timed_out && end < deadline ? Wake::cancelled : wake;
  }
}

void ParkingSpot::unpark() noexcept {
  auto* const fiber = std::exchange(parked_, nullptr);
  // A fiber whose deadline has just passed is ready already.
  if (fiber && !fiber->ready_is_linked()) boost::fibers::context::active()->schedule(fiber);
}

Wake sleep_until(TimePoint deadline) {
  ParkingSpot spot;
  while (Clock::now() < deadline) {
    if (spot.park_until(deadline, Cut::when_cancelled) == Wake::cancelled) return Wake::cancelled;
  }
  return Wake::timed_out;
}

void yield() {
  auto* const self = boost::fibers::context::active();
  switch_away([&] { self->yield(); });
}

}  // namespace runtime
