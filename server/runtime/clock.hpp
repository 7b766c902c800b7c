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
  return limit > Duration::zero() ? Clock::now() + limit : kNever;
}

}  // namespace runtime
