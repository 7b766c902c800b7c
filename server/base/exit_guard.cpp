#include "base/exit_guard.hpp"

#include <unistd.h>

#include <cstdlib>

#include "base/log.hpp"

namespace base {
namespace {

struct ExitGuard {
  bool armed = false;
  ~ExitGuard() {
    if (!armed) return;
    log_critical("exit() was called in a worker: the worker ends, and its requests with it");
    ::_exit(EXIT_FAILURE);
  }
};

thread_local ExitGuard guard;

}  // namespace

void guard_exit() { guard.armed = true; }
void unguard_exit() { guard.armed = false; }

}  // namespace base
