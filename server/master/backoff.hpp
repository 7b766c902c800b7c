// How long to wait before a worker that dies again and again is started anew. One for each worker index,
// owned by the master.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace master {

class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // The first death costs no wait, the second the first wait, each one after it twice the last.
  static constexpr Milliseconds kFirstWait{100};
  static constexpr Milliseconds kLongestWait{10'000};
  static constexpr Milliseconds kForgives{10'000};  // a worker that served so long begins anew

  // Notes that a worker has died at `now` after it had `served`, and gives the wait until the next start.
  Milliseconds died(base::TimePoint now, base::Duration served);

  // When the next start is due; in the past where nothing has died.
  base::TimePoint due() const { return due_; }

 private:
  std::optional<Milliseconds> wait_;
  base::TimePoint due_ = base::TimePoint::min();
};

}  // namespace master
