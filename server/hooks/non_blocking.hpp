// A descriptor made non-blocking for one call, which knows no flag for it. Whoever shares the descriptor sees
// it too: nothing may suspend the fiber meanwhile.
#pragma once

#include <fcntl.h>

#include <cerrno>

#include "hooks/real.hpp"

namespace hooks {

class NonBlocking {
 public:
  // `flags`: those of F_GETFL, which are set again at the end.
  NonBlocking(int descriptor, int flags) : descriptor_(descriptor), flags_(flags) {
    real::fcntl(descriptor_, F_SETFL, flags_ | O_NONBLOCK);
  }
  ~NonBlocking() {
    const int error = errno;
    real::fcntl(descriptor_, F_SETFL, flags_);
    errno = error;
  }
  NonBlocking(const NonBlocking&) = delete;
  NonBlocking& operator=(const NonBlocking&) = delete;

 private:
  const int descriptor_;
  const int flags_;
};

}  // namespace hooks
