// Waiting without holding up the worker, for plugins.
#include <algorithm>

#include "plugin/tables.hpp"
#include "runtime/parking.hpp"

namespace plugin {
namespace {

// Longer than any deadline has to reach, and short enough to be added to the clock.
constexpr std::int64_t kLongest = std::int64_t{100} * 365 * 24 * 3600 * 1'000'000'000;

int32_t sleep(int64_t nanoseconds) {
  if (nanoseconds <= 0) return 0;
  const std::chrono::nanoseconds time(std::min(nanoseconds, kLongest));
  runtime::sleep_until(runtime::Clock::now() + time);
  return 0;
}

}  // namespace

const appserver_fiber_table kFiberTable = {sleep};

}  // namespace plugin
