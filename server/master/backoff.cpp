#include "master/backoff.hpp"

#include <algorithm>

namespace master {

Backoff::Milliseconds Backoff::died(base::TimePoint now, base::Duration served) {
  const bool begins = !wait_ || served >= kForgives;
  wait_ = begins ? Milliseconds(0) : std::clamp(*wait_ * 2, kFirstWait, kLongestWait);
  due_ = now + *wait_;
  return *wait_;
}

}  // namespace master
