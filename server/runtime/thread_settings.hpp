// What a fiber has changed of its thread's locale and signal mask: the thread has it while the fiber runs,
// and its own again while others do. Costs a fiber that never changed any nothing but a look. Owned by the
// fiber's ThreadState, on the worker's thread.
#pragma once

#include <locale.h>
#include <signal.h>

#include <utility>

namespace runtime {

class ThreadSettings {
 public:
  ThreadSettings() = default;
  ~ThreadSettings() { restore(); }
  ThreadSettings(const ThreadSettings&) = delete;
  ThreadSettings& operator=(const ThreadSettings&) = delete;

  // uselocale(3) for the fiber.
  locale_t use_locale(locale_t locale) noexcept;

  // pthread_sigmask(3) for the fiber, which begins with nothing blocked. What the thread itself blocks stays
  // blocked on it: those signals are the worker's to hear. 0 or EINVAL.
  int change_mask(int how, const sigset_t* change, sigset_t* before) noexcept;

  // The signals that the fiber blocks.
  const sigset_t& mask() const noexcept { return mask_; }

  // Gives the thread its own back for good.
  void restore() noexcept;

  // The settings of the fiber that is about to give the thread up, or null where it has none. The thread has
  // its own from then on, until enter() with what this gave.
  static ThreadSettings* leave() noexcept {
    ThreadSettings* const settings = std::exchange(current_, nullptr);
    if (settings) settings->take_off();
    return settings;
  }
  static void enter(ThreadSettings* settings) noexcept {
    current_ = settings;
    if (settings) settings->put_on();
  }

 private:
  void put_on() noexcept;
  void take_off() noexcept;

  // Of the fiber that runs now, if it has any that differ.
  static inline constinit thread_local ThreadSettings* current_ = nullptr;

  locale_t locale_ = nullptr;  // null while it is the thread's
  locale_t thread_locale_ = nullptr;
  bool masks_ = false;  // anything; thread_mask_ is then known
  sigset_t mask_{};
  sigset_t thread_mask_;
};

}  // namespace runtime
