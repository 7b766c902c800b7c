// Waiting at an address, as futex(2) does: how a fiber waits for a lock, a condition or a semaphore that
// another fiber or another thread holds. The waits stand in a table of the process, and whoever lets go of
// something looks there.
#pragma once

#include <cstddef>

#include "runtime/clock.hpp"
#include "runtime/remote_wake.hpp"

namespace hooks {

// Registered from construction to destruction: look once more after making one, whether there is still
// something to wait for. Lives on the stack of the fiber that waits.
class AddressWait {
 public:
  AddressWait(runtime::Reactor& reactor, const void* address);
  ~AddressWait();
  AddressWait(const AddressWait&) = delete;
  AddressWait& operator=(const AddressWait&) = delete;

  // Suspends the calling fiber until wake_at(address) has chosen it, the deadline passes or, where it may be
  // cut, its request is cancelled. Once. [worker, may suspend]
  runtime::Wake wait_until(runtime::TimePoint deadline = runtime::kNever,
                           runtime::Cut cut = runtime::Cut::never);

  // The same, but where it has not been chosen it stays registered, and may wait on. [worker, may suspend]
  runtime::Wake look_until(runtime::TimePoint time, runtime::Cut cut = runtime::Cut::never) {
    return wake_.wait_until(time, cut);
  }

 private:
  friend int wake_at(const void* address, int most) noexcept;
  struct Bucket;
  static Bucket& bucket_of(const void* address) noexcept;
  static void forget_all() noexcept;
  static const int at_fork_;

  // Takes it out of the table, unless it has been chosen.
  bool leave() noexcept;

  const void* const address_;
  AddressWait* next_ = nullptr;
  AddressWait** link_ = nullptr;  // what points to this one; null once it is out of the table
  bool left_ = false;
  runtime::RemoteWake wake_;
};

// Wakes up to `most` of those that wait at the address, longest first, and says how many. Costs a few
// nanoseconds where nobody waits. To be called after what they wait for has changed. [any thread]
int wake_at(const void* address, int most) noexcept;

}  // namespace hooks
