// Which incidents of a blocked loop get a report of their own: a handler that computes for long in every
// request would fill the log. The rest are told of together, the longest by name. Part of the watchdog.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace worker {

class ReportBudget {
 public:
  static constexpr unsigned kReports = 5;  // in each kPeriod
  static constexpr base::Duration kPeriod = std::chrono::minutes(1);

  struct Rest {
    unsigned count = 0;
    base::Duration longest{};
    std::string story;  // of the longest
  };

  // Whether an incident that is noticed now gets its own report; `now` never goes back. [watchdog]
  bool take(base::TimePoint now) {
    if (now >= end_) {
      end_ = now + kPeriod;
      taken_ = 0;
    }
    return taken_ < kReports && ++taken_ > 0;
  }

  // Counts one that got none and has ended. [watchdog]
  void leave_out(base::Duration length, std::string story) {
    ++rest_.count;
    if (length <= rest_.longest) return;
    rest_.longest = length;
    rest_.story = std::move(story);
  }

  // Those that were left out in a period, once it has ended. [watchdog]
  std::optional<Rest> settle(base::TimePoint now) {
    if (now < end_ || rest_.count == 0) return std::nullopt;
    return std::exchange(rest_, {});
  }

 private:
  base::TimePoint end_{};
  unsigned taken_ = 0;
  Rest rest_;
};

}  // namespace worker
