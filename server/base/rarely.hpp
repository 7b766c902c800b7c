// Keeps what clients can bring about at will from flooding the log: one line goes out, and those of the same
// kind that come within ten seconds are counted. One for each kind of line; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"

namespace base {

class Rarely {
 public:
  static constexpr std::chrono::seconds kPause{10};

  // Whether a line may go out now: what is to stand at its end, " (12 more since the last)" or "". None: it
  // is left out, and counted.
  std::optional<std::string> turn(TimePoint now = Clock::now()) {
    if (last_ && now - *last_ < kPause) return ++left_out_, std::nullopt;
    last_ = now;
    const auto count = std::exchange(left_out_, 0);
    return count == 0 ? "" : " (" + std::to_string(count) + " more since the last)";
  }

 private:
  std::optional<TimePoint> last_;
  std::uint64_t left_out_ = 0;
};

}  // namespace base
