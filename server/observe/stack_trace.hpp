// Where a thread was when a signal interrupted it, or where it asks: addresses, innermost first.
// Plain data; `symboliser` gives the addresses their names, later and on another thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace observe {

class StackTrace {
 public:
  static constexpr std::size_t kDeepest = 64;  // what lies further out is left out

  // Walks the stack of the code that the calling handler has interrupted, or of the caller.
  // Async-signal-safe: _Unwind_Backtrace takes no lock and no memory where the loader finds unwind tables
  // without one (_dl_find_object, glibc 2.35 with GCC 12). One thread a process at a time; a handler on it
  // may interrupt one walk for another.
  void capture() noexcept;

  // For handlers of SIGSEGV and SIGBUS: where the walk itself has faulted, on unwind tables that are wrong or
  // a stack that is broken, goes back to the last capture() begun, which then returns with what it has.
  // Returns otherwise.
  static void abandon_faulty_walk() noexcept;

  // Each lies within the instruction that was under way: the interrupted one, then the calls.
  std::span<const std::uintptr_t> frames() const { return {frames_.data(), count_}; }

  // Whether it is a caller's own stack: its innermost frames are those that led to capture().
  bool asked_for() const { return stack_pointer_ == 0; }

  // The stack pointer of the interrupted code.
  std::uintptr_t stack_pointer() const { return stack_pointer_; }

 private:
  struct Walk;

  std::array<std::uintptr_t, kDeepest> frames_;
  std::size_t count_ = 0;
  std::uintptr_t stack_pointer_ = 0;
};

}  // namespace observe
