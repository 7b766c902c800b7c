// Files: locks, and waiting for the disk. flock(2), fcntl(2), lockf(3), fsync(2). A lock belongs to the open
// file or to the process, never to a thread: so any thread may wait for it.
#include <sys/file.h>

#include <cerrno>
#include <cstdarg>

#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

bool is_held_by_another(int error) { return error == EAGAIN || error == EACCES; }

// `attempt` takes the lock if it is free, `blocking` waits for it.
template <typename Attempt, typename Blocking>
int lock(ThreadState& state, Attempt attempt, Blocking blocking) {
  const int error_before = errno;
  const int result = attempt();
  if (result != -1 || !is_held_by_another(errno)) return at_once(state, result);
  errno = error_before;
  return on_thread(state, blocking);
}

int fcntl_hook(int descriptor, int command, void* argument) {
  const bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
  ThreadState* const state = waits ? waiter() : nullptr;
  if (!state) return real::fcntl(descriptor, command, argument);
  return lock(
      *state, [=] { return real::fcntl(descriptor, command == F_SETLKW ? F_SETLK : F_OFD_SETLK, argument); },
      [=] { return real::fcntl(descriptor, command, argument); });
}

int lockf_hook(int descriptor, int command, off64_t size) {
  ThreadState* const state = command == F_LOCK ? waiter() : nullptr;
  if (!state) return real::lockf64(descriptor, command, size);
  return lock(
      *state, [=] { return real::lockf64(descriptor, F_TLOCK, size); },
      [=] { return real::lockf64(descriptor, F_LOCK, size); });
}

// The argument is a number or a pointer, or is not there: as in libc, a word is handed on.
#define FCNTL_ARGUMENT(name, last)             \
  va_list arguments;                           \
  va_start(arguments, last);                   \
  void* const name = va_arg(arguments, void*); \
  va_end(arguments)

}  // namespace

extern "C" {

int fcntl(int descriptor, int command, ...) {
  FCNTL_ARGUMENT(argument, command);
  return fcntl_hook(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
  FCNTL_ARGUMENT(argument, command);
  return fcntl_hook(descriptor, command, argument);
}

int __fcntl(int descriptor, int command, ...) {
  FCNTL_ARGUMENT(argument, command);
  return fcntl_hook(descriptor, command, argument);
}

int lockf(int descriptor, int command, off_t size) { return lockf_hook(descriptor, command, size); }

int lockf64(int descriptor, int command, off64_t size) { return lockf_hook(descriptor, command, size); }

int flock(int descriptor, int operation) noexcept {
  ThreadState* const state = operation & LOCK_NB ? nullptr : waiter();
  if (!state) return real::flock(descriptor, operation);
  return lock(
      *state, [=] { return real::flock(descriptor, operation | LOCK_NB); },
      [=] { return real::flock(descriptor, operation); });
}

int fsync(int descriptor) {
  ThreadState* const state = waiter();
  if (!state) return real::fsync(descriptor);
  return on_thread(*state, [=] { return real::fsync(descriptor); });
}

int fdatasync(int descriptor) {
  ThreadState* const state = waiter();
  if (!state) return real::fdatasync(descriptor);
  return on_thread(*state, [=] { return real::fdatasync(descriptor); });
}

}  // extern "C"
