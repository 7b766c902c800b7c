// Whether a worker's loop is blocked, told by looking at its pulse now and then. An incident is a time in
// which the loop neither waited for events nor turned. It is measured from the first look that saw it, so
// that none is told of too early, to the first that does not.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "observe/scoreboard.hpp"

namespace worker {

class LoopWatch {
 public:
  enum class Change { none, blocked, unblocked };

  // An incident counts once it has lasted for `limit`.
  explicit LoopWatch(base::Duration limit) : limit_(limit) {}

  // Looks once; `now` never goes back. Says once that an incident counts, and once that it has ended.
  // [watchdog]
  Change look(const observe::WorkerSlot& slot, base::TimePoint now) {
    const std::uint64_t turns = slot.turns.load(std::memory_order_relaxed);
    const bool free = slot.waiting.load(std::memory_order_relaxed) || turns != turns_;
    length_ = now - since_;
    if (free) {
      turns_ = turns;
      since_ = now;
    }
    const bool was_blocked = blocked_;
    blocked_ = !free && length_ >= limit_;
    if (blocked_ == was_blocked) return Change::none;
    return blocked_ ? Change::blocked : Change::unblocked;
  }

  // How long the incident that the last look told of has lasted, so far or in all.
  base::Duration length() const { return length_; }

  // Where the reactor's count of turns stood when the last look saw it.
  std::uint64_t turns() const { return turns_; }

 private:
  const base::Duration limit_;

  std::uint64_t turns_ = UINT64_MAX;
  base::TimePoint since_{};
  base::Duration length_{};
  bool blocked_ = false;
};

}  // namespace worker
