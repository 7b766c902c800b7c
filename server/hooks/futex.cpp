// syscall(2), for the sake of futex(2): by it wait std::atomic, latches, barriers and semaphores of C++20,
// futures, the guards of function-local statics, and much else that isn't glibc's. Other calls go on as they
// are. A wait is not cut when its request is cancelled: most callers can't fail (std::atomic's are noexcept).
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>

#include "hooks/acquire.hpp"
#include "hooks/real.hpp"

using namespace hooks;

namespace {

using Word = std::uint32_t*;

long fail(int error) {
  errno = error;
  return -1;
}

TimePoint deadline_of(int operation, const timespec* time) {
  if (!time) return kNever;
  if ((operation & FUTEX_CMD_MASK) == FUTEX_WAIT) return deadline_in(*time);
  return deadline_at(operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, *time);
}

// FUTEX_WAIT, and FUTEX_WAIT_BITSET for whatever bits: more may wake than were meant.
long wait_on_fiber(ThreadState& state, Word word, int operation, std::uint32_t value, const timespec* time) {
  if (time && !is_valid(*time)) return fail(EINVAL);
  const int error_before = errno;
  const TimePoint deadline = deadline_of(operation, time);
  // Another process changes the word unseen. But most who share it with nobody don't say so, those of
  // libstdc++ among them: to look is not to cost much.
  const bool shared = !(operation & FUTEX_PRIVATE_FLAG);
  Intervals intervals(std::chrono::seconds(1));
  const auto changed = [=] { return __atomic_load_n(word, __ATOMIC_SEQ_CST) != value; };

  state.waits();
  AddressWait wait(state.reactor(), word);
  if (changed()) return fail(EAGAIN);
  for (;;) {
    const TimePoint look = shared ? intervals.next() : kNever;
    if (look >= deadline) break;
    if (wait.look_until(look) == runtime::Wake::signalled || changed()) {
      errno = error_before;
      return 0;
    }
  }
  if (wait.wait_until(deadline) == runtime::Wake::timed_out) return fail(ETIMEDOUT);
  errno = error_before;
  return 0;
}

}  // namespace

extern "C" {

// Takes all six arguments that a system call can have, as libc's own does, however many were given.
long syscall(long number, ...) noexcept {
  std::va_list list;
  va_start(list, number);
  long given[6];
  for (long& argument : given) argument = va_arg(list, long);
  va_end(list);
  const auto call = [&](long value) {
    return real::syscall(number, given[0], given[1], value, given[3], given[4], given[5]);
  };
  const long value = given[2];
  if (number != SYS_futex) return call(value);

  const Word word = std::bit_cast<Word>(given[0]);
  const int operation = static_cast<int>(given[1]);
  const int most = static_cast<int>(value);
  switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: {
      ThreadState* const state = waiter();
      const bool for_no_bit =
          (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && static_cast<int>(given[5]) == 0;
      if (!state || for_no_bit) return call(value);
      return wait_on_fiber(*state, word, operation, static_cast<std::uint32_t>(value),
                           std::bit_cast<const timespec*>(given[3]));
    }
    case FUTEX_WAKE: {
      if (most <= 0) return call(value);
      const int fibers = wake_at(word, most);
      if (fibers == most) return fibers;
      const long threads = call(most - fibers);
      return threads < 0 ? threads : threads + fibers;
    }
    case FUTEX_WAKE_BITSET: {
      const long threads = call(value);
      return threads < 0 ? threads : threads + wake_at(word, INT_MAX);
    }
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_WAKE_OP: {
      // Fibers can be woken for nothing, so none is moved.
      const long result = call(value);
      if (result >= 0) {
        wake_at(word, INT_MAX);
        wake_at(std::bit_cast<Word>(given[4]), INT_MAX);
      }
      return result;
    }
    default:
      return call(value);
  }
}

}  // extern "C"
