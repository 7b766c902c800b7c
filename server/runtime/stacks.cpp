#include "runtime/stacks.hpp"

#include <chrono>

namespace runtime {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPassEach = 1s;

// What a turn of the loop may spend on it: 32 stacks of which all was used are about 0.5 ms.
constexpr std::size_t kTrimmedATurn = 32;
constexpr Duration kBetweenTurns = 1ms;

}  // namespace

Stacks::Stacks(Reactor& reactor)
    : timer_(reactor, [this] { trim(); }), usual_(of_size(StackPool::kDefaultSize)) {}

StackPool& Stacks::of_size(std::size_t size) {
  size = StackPool::whole_pages(size);
  const auto [entry, added] = pools_.try_emplace(size, size);
  if (added && resting_) rest();
  return entry->second;
}

std::optional<std::span<std::byte>> Stacks::containing(const void* address) const {
  for (const auto& [size, pool] : pools_) {
    if (const auto stack = pool.containing(address)) return stack;
  }
  return std::nullopt;
}

void Stacks::rest() {
  resting_ = true;
  for (auto& [size, pool] : pools_) {
    pool.tell_of_return([this] {
      if (resting_) begin_pass_later();
    });
  }
}

void Stacks::begin_pass_later() {
  timer_.expire_after(kPassEach);
  resting_ = false;
  pass_gave_ = false;
  for (auto& [size, pool] : pools_) pool.begin_trimming();
}

void Stacks::trim() {
  std::size_t left = kTrimmedATurn;
  for (auto& [size, pool] : pools_) left -= pool.trim(left);
  if (left < kTrimmedATurn) pass_gave_ = true;
  if (left == 0) {
    timer_.expire_after(kBetweenTurns);
  } else if (pass_gave_) {
    begin_pass_later();
  } else {
    rest();
  }
}

}  // namespace runtime
