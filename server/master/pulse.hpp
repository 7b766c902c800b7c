// Whether a worker's loop still turns, told by looking at its slot now and then. Looks are counted rather
// than time, so that a master that was itself stopped for a while accuses nobody.
#pragma once

#include <cstdint>

#include "observe/scoreboard.hpp"

namespace master {

class Pulse {
 public:
  // Looks once. How many looks in a row, this one included, found the loop neither waiting for events nor
  // any further than the look before. [master]
  unsigned look(const observe::WorkerSlot& slot) {
    const std::uint64_t turns = slot.turns.load(std::memory_order_relaxed);
    const bool held_up = !slot.waiting.load(std::memory_order_relaxed) && turns == turns_;
    turns_ = turns;
    return still_ = held_up ? still_ + 1 : 0;
  }

 private:
  std::uint64_t turns_ = UINT64_MAX;
  unsigned still_ = 0;
};

}  // namespace master
