#include "runtime/thread_state.hpp"

#include <chrono>

#include "runtime/parking.hpp"
#include "runtime/reactor.hpp"

namespace runtime {

void ThreadState::look_whether_to_yield() {
  constexpr unsigned kMostInARow = 64;
  constexpr auto kLongest = std::chrono::milliseconds(1);
  if (in_a_row_ < kMostInARow && Clock::now() - reactor_.now() < kLongest) return;
  waits();
  yield();
}

}  // namespace runtime
