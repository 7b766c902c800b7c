// How any thread wakes a fiber of a worker's: nothing else of the runtime may be called from other threads.
// Their wakes go through an inbox that the reactor looks into when its eventfd(2) says so.
#pragma once

#include <atomic>
#include <utility>

#include "base/unique_fd.hpp"
#include "runtime/clock.hpp"
#include "runtime/parking.hpp"
#include "runtime/watch.hpp"

namespace runtime {

class Reactor;
class RemoteWake;

// Owned by the reactor.
class RemoteWakes final : public ReadinessObserver {
 public:
  // Throws std::system_error where the kernel gives no descriptor.
  explicit RemoteWakes(Reactor& reactor);

  // The reactor turns on the calling thread: what is woken from there needs no inbox. For the scheduler.
  void adopt_thread() noexcept { of_this_thread_ = this; }

  // Whether any reactor turns on the calling thread. [any thread]
  static bool has_thread() noexcept { return of_this_thread_ != nullptr; }

  // A signal's handler runs on the calling thread for as long as this stands. It may have interrupted the
  // scheduler: what it wakes goes by the inbox.
  class Interruption {
   public:
    Interruption() : before_(std::exchange(interrupted_, true)) {}
    ~Interruption() { interrupted_ = before_; }
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

   private:
    const bool before_;
  };

 private:
  friend class RemoteWake;
  static void wake(RemoteWake& wake) noexcept;
  void push(RemoteWake& wake) noexcept;
  void on_readable() override;

  static inline constinit thread_local RemoteWakes* of_this_thread_ = nullptr;
  static inline constinit thread_local bool interrupted_ = false;

  const base::UniqueFd event_;
  Watch watch_;
  std::atomic<RemoteWake*> last_{nullptr};  // and those before it
};

// One wait for one wake. Lives on the stack of the fiber that waits, which keeps it until the wake has come
// or can't come any more.
class RemoteWake {
 public:
  explicit RemoteWake(Reactor& reactor);
  RemoteWake(const RemoteWake&) = delete;
  RemoteWake& operator=(const RemoteWake&) = delete;

  // Suspends the calling fiber until wake(), the deadline or, where it may be cut, the cancellation of its
  // task; not at all where the wake has come. [worker, may suspend]
  Wake wait_until(TimePoint deadline = kNever, Cut cut = Cut::never);

  // Once. The waiter may be gone before this returns. Async-signal-safe. [any thread]
  void wake() noexcept {
    if (RemoteWakes::of_this_thread_ == &inbox_ && !RemoteWakes::interrupted_) {
      RemoteWakes::wake(*this);
    } else {
      inbox_.push(*this);
    }
  }

 private:
  friend class RemoteWakes;

  RemoteWakes& inbox_;
  RemoteWake* before_ = nullptr;
  bool woken_ = false;
  ParkingSpot spot_;
};

}  // namespace runtime
