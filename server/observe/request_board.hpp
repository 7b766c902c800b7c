// A worker's pen for its slot of the scoreboard: which requests are in flight, and whose fiber runs. It is on
// the way of every request, so nothing here allocates, locks or searches. Owned by the worker.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "observe/scoreboard.hpp"

namespace observe {

class RequestBoard {
 public:
  static constexpr int kUnnamed = -1;

  // `slot` is as WorkerSlot::clear() leaves it. [worker]
  explicit RequestBoard(WorkerSlot& slot) : slot_(slot) {}

  // Notes a request and gives its entry, or kUnnamed when the slot is full. [worker]
  int begin(std::string_view plugin, std::string_view method, std::string_view path,
            std::uint32_t number) noexcept;

  // Frees what begin() gave; kUnnamed is ignored. [worker]
  void end(int entry) noexcept;

  // The fiber of this entry runs from now on; kUnnamed: none that has a name. [worker]
  void running(int entry) noexcept { slot_.running.store(entry, std::memory_order_relaxed); }

 private:
  static_assert(kUnnamed == WorkerSlot::kNone);

  WorkerSlot& slot_;

  std::uint32_t reached_ = 0;  // what slot_.reached says
  std::uint32_t free_count_ = 0;
  std::array<std::uint16_t, WorkerSlot::kNamed> free_;  // a stack, so that few entries are used and stay warm
};

}  // namespace observe
