// The forms in which C tells how long to wait, as deadlines of the runtime.
#pragma once

#include <sys/time.h>
#include <time.h>

#include "runtime/clock.hpp"

namespace hooks {

using runtime::Clock;
using runtime::Duration;
using runtime::kNever;
using runtime::TimePoint;

// Whether it may stand in a call: not negative, its nanoseconds below a second. Else the call is EINVAL.
inline bool is_valid(const timespec& time) {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

// `time` from now; kNever where that is beyond the clock's end.
TimePoint deadline_in(const timespec& time);

// When `clock` will show `time`, as far as is known now: a clock that is set anew meanwhile isn't followed.
TimePoint deadline_at(clockid_t clock, const timespec& time);

// What is left until the deadline, zero if it has passed.
timespec left_until(TimePoint deadline);

}  // namespace hooks
