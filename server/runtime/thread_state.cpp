#include "runtime/thread_state.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "base/log.hpp"
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

// In the order of a thread's end, in which keys outlive thread_local variables.
void ThreadState::end() noexcept {
  thread_locals_.run_down();
  specifics_.run_down();
  const HostCode host;
  settings_.restore();
}

void ThreadState::end_forked_child(const std::string& what) {
  const HostCode host;
  base::log_error("A child process that a request forked ", what,
                  ": it ends here, for there is one worker to its sockets. A child ends by exec or _exit");
  ::_exit(EXIT_FAILURE);
}

}  // namespace runtime
