#include "hooks/deadline.hpp"

#include <algorithm>
#include <chrono>

namespace hooks {

using std::chrono::nanoseconds;
using std::chrono::seconds;

TimePoint deadline_in(const timespec& time) {
  const TimePoint now = Clock::now();
  if (time.tv_sec >= std::chrono::floor<seconds>(kNever - now).count()) return kNever;
  return now + seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

TimePoint deadline_at(clockid_t clock, const timespec& time) {
  timespec now{};
  ::clock_gettime(clock, &now);
  if (time.tv_sec < now.tv_sec) return Clock::now();
  timespec left{time.tv_sec - now.tv_sec, time.tv_nsec - now.tv_nsec};
  if (left.tv_nsec < 0) {
    --left.tv_sec;
    left.tv_nsec += 1'000'000'000;
  }
  return left.tv_sec < 0 ? Clock::now() : deadline_in(left);
}

timespec left_until(TimePoint deadline) {
  const auto left = std::max<Duration>(deadline - Clock::now(), Duration::zero());
  const auto whole = std::chrono::floor<seconds>(left);
  return {whole.count(), static_cast<long>(nanoseconds(left - whole).count())};
}

}  // namespace hooks
