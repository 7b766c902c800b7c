// Signals as events: blocked, and read from a descriptor that a loop can wait on (signalfd(2)). Nothing then
// runs inside a signal handler. For the one thread of a process, master or worker.
#pragma once

#include <optional>
#include <span>

#include "base/unique_fd.hpp"

namespace base {

class SignalFd {
 public:
  // Blocks `signals` in the calling thread and in all that it starts or forks later; they stay blocked when
  // this ends. Throws std::system_error.
  explicit SignalFd(std::span<const int> signals);

  // Readable when a signal has come.
  int fd() const { return fd_.get(); }

  // The next signal that has come, or nothing; never waits. Signals of one number that come before they are
  // read count as one (signal(7)).
  std::optional<int> next();

  // Gives the descriptor up, as a forked child does with its parent's; `next` then finds nothing.
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
};

}  // namespace base
