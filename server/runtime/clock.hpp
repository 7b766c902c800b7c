// The time that waits are told in.
#pragma once

#include "base/clock.hpp"

namespace runtime {

using base::Clock;
using base::Duration;
using base::kNever;
using base::TimePoint;

// The deadline `limit` from now; zero or less is no limit.
inline TimePoint deadline_after(Duration limit) {
  const TimePoint now = Clock::now();
  return limit > Duration::zero() && limit < kNever - now ? now + limit : kNever;
}

}  // namespace runtime
