#include "observe/request_board.hpp"

namespace observe {

int RequestBoard::begin(std::string_view plugin, std::string_view method, std::string_view path,
                        std::uint32_t number) noexcept {
  const bool fresh = free_count_ == 0;
  if (fresh && reached_ == WorkerSlot::kNamed) return kUnnamed;
  const std::uint32_t entry = fresh ? reached_++ : free_[--free_count_];

  InFlightRequest& request = slot_.requests[entry];
  request.number = number;
  note(request.plugin, sizeof request.plugin, plugin);
  note(request.method, sizeof request.method, method);
  note(request.path, sizeof request.path, path);
  request.used.store(1, std::memory_order_release);
  // Last: what lies there from the slot's last worker is not to be read.
  if (fresh) slot_.reached.store(reached_, std::memory_order_release);
  return static_cast<int>(entry);
}

void RequestBoard::end(int entry) noexcept {
  if (entry == kUnnamed) return;
  slot_.requests[static_cast<std::size_t>(entry)].used.store(0, std::memory_order_relaxed);
  free_[free_count_++] = static_cast<std::uint16_t>(entry);
}

}  // namespace observe
