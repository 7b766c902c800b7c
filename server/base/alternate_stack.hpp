// A stack for the signal handlers of one thread, apart from the one that the thread was on when the signal
// came (sigaltstack(2), SA_ONSTACK): a fiber's is small, and may be the very thing that is used up.
#pragma once

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <system_error>

namespace base {

class AlternateStack {
 public:
  // Of the calling thread, until it destroys this. Throws std::system_error.
  AlternateStack() {
    const stack_t stack{.ss_sp = memory_.get(), .ss_flags = 0, .ss_size = size_};
    if (::sigaltstack(&stack, &before_) != 0) {
      throw std::system_error(errno, std::generic_category(), "sigaltstack");
    }
  }
  ~AlternateStack() { ::sigaltstack(&before_, nullptr); }
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  static constexpr std::size_t kForHandlers = 64 * 1024;

  // What the kernel itself lays down there grows with the processor's registers.
  const std::size_t size_ = kForHandlers + static_cast<std::size_t>(::sysconf(_SC_MINSIGSTKSZ));
  const std::unique_ptr<std::byte[]> memory_{new std::byte[size_]};
  stack_t before_{};
};

}  // namespace base
