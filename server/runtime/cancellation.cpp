#include "runtime/cancellation.hpp"

#include <algorithm>
#include <boost/fiber/context.hpp>
#include <utility>

namespace runtime {

void Cancellation::request() noexcept {
  requested_.store(true, std::memory_order_relaxed);
  told_ = false;
  // A fiber that is ready already finds out when it waits next.
  auto* const fiber = std::exchange(parked_, nullptr);
  if (!fiber || fiber->ready_is_linked()) return;
  woke_ = true;
  boost::fibers::context::active()->schedule(fiber);
}

bool Cancellation::exchange_enabled(bool enabled) noexcept { return std::exchange(enabled_, enabled); }

Duration Cancellation::next_pause() noexcept {
  constexpr unsigned kAtOnce = 16;
  constexpr unsigned kMostDoublings = 6;
  if (refusals_ < kAtOnce) return ++refusals_, Duration::zero();
  const unsigned doublings = std::min(refusals_++ - kAtOnce, kMostDoublings);
  return std::chrono::milliseconds(1) * (1u << doublings);
}

}  // namespace runtime
