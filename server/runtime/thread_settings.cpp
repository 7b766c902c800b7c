#include "runtime/thread_settings.hpp"

#include <cerrno>

namespace runtime {

locale_t ThreadSettings::use_locale(locale_t locale) noexcept {
  const locale_t before = ::uselocale(locale);
  if (!locale || !before) return before;
  if (!locale_) thread_locale_ = before;
  locale_ = locale == thread_locale_ ? nullptr : locale;
  current_ = this;
  return before;
}

int ThreadSettings::change_mask(int how, const sigset_t* change, sigset_t* before) noexcept {
  const sigset_t mask = mask_;
  if (change) {
    if (how == SIG_SETMASK) {
      mask_ = *change;
    } else if (how == SIG_BLOCK) {
      ::sigorset(&mask_, &mask_, change);
    } else if (how == SIG_UNBLOCK) {
      for (int signal = 1; signal < NSIG; ++signal) {
        if (::sigismember(change, signal) == 1) ::sigdelset(&mask_, signal);
      }
    } else {
      return EINVAL;
    }
    ::sigdelset(&mask_, SIGKILL);  // which nothing blocks
    ::sigdelset(&mask_, SIGSTOP);
    if (!masks_) ::pthread_sigmask(SIG_SETMASK, nullptr, &thread_mask_);
    masks_ = true;
    current_ = this;
    put_on();
    masks_ = !::sigisemptyset(&mask_);
  }
  if (before) *before = mask;
  return 0;
}

void ThreadSettings::restore() noexcept {
  if (current_ == this) current_ = nullptr;
  if (locale_ || masks_) take_off();
  locale_ = nullptr;
  masks_ = false;
}

void ThreadSettings::put_on() noexcept {
  if (locale_) ::uselocale(locale_);
  if (!masks_) return;
  sigset_t both;
  ::sigorset(&both, &thread_mask_, &mask_);
  ::pthread_sigmask(SIG_SETMASK, &both, nullptr);
}

void ThreadSettings::take_off() noexcept {
  if (locale_) ::uselocale(thread_locale_);
  if (masks_) ::pthread_sigmask(SIG_SETMASK, &thread_mask_, nullptr);
}

}  // namespace runtime
