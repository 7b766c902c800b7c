// What is to be done once: pthread_once(3), by which std::call_once works as well, and call_once(3).
//
// Function-local statics need no hook: the guards of the C++ runtime (Itanium C++ ABI, One-time Construction
// API) wait by futex(2) through syscall(2), which is one.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

#include <climits>
#include <mutex>

#include "hooks/address_wait.hpp"
#include "hooks/c11.hpp"
#include "hooks/gate.hpp"
#include "hooks/real.hpp"

using namespace hooks;

namespace {

// What glibc writes into a pthread_once_t: that it is done, or a mark of the process in which it is being
// done, so that the child of a fork in between begins anew. Else it is to be done.
constexpr int kDone = 2;

// This process's mark is read off where it is being done.
constinit thread_local pthread_once_t probe = PTHREAD_ONCE_INIT;
constinit thread_local int mark = 0;

int mark_of_process() {
  probe = PTHREAD_ONCE_INIT;
  real::pthread_once(&probe, [] { mark = probe; });
  return mark;
}

bool is_done(const pthread_once_t* control) { return __atomic_load_n(control, __ATOMIC_ACQUIRE) == kDone; }

// Wakes the fibers when libc has done it on a thread, or has not as it threw.
struct WakesFibers {
  ~WakesFibers() { wake_at(control, INT_MAX); }
  pthread_once_t* control;
};

// Does it on a fiber, in the manner of libc, so that threads wait in libc for it. Not by calling libc: it
// puts the call on a list of the thread's clean-ups, which fibers would leave in another order than they
// came.
class Attempt {
 public:
  explicit Attempt(pthread_once_t* control) : control_(control) {}
  ~Attempt() {
    __atomic_store_n(control_, result_, __ATOMIC_RELEASE);
    real::syscall(SYS_futex, control_, FUTEX_WAKE_PRIVATE, INT_MAX);
    wake_at(control_, INT_MAX);
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  void succeeded() { result_ = kDone; }

 private:
  pthread_once_t* const control_;
  int result_ = PTHREAD_ONCE_INIT;  // where it throws, the next one tries
};

// std::call_once hands its callable over in variables of the thread, which another fiber's may have
// overwritten when this one gets to run.
class StdCallable {
 public:
  StdCallable() = default;
  ~StdCallable() {
    std::__once_callable = callable_;
    std::__once_call = call_;
  }
  StdCallable(const StdCallable&) = delete;
  StdCallable& operator=(const StdCallable&) = delete;

 private:
  void* const callable_ = std::__once_callable;
  void (*const call_)() = std::__once_call;
};

void once_on_fiber(ThreadState& state, pthread_once_t* control, void (*function)()) {
  const int in_progress = mark_of_process();
  for (;;) {
    int found = __atomic_load_n(control, __ATOMIC_ACQUIRE);
    if (found == kDone) return;
    if (found != in_progress) {
      if (!__atomic_compare_exchange_n(control, &found, in_progress, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_ACQUIRE)) {
        continue;
      }
      Attempt attempt(control);
      function();
      attempt.succeeded();
      return;
    }
    const StdCallable callable;
    AddressWait wait(state.reactor(), control);
    if (__atomic_load_n(control, __ATOMIC_ACQUIRE) != in_progress) continue;
    state.waits();
    wait.wait_until();
  }
}

}  // namespace

extern "C" {

int pthread_once(pthread_once_t* control, void (*function)()) {
  if (is_done(control)) return 0;
  if (ThreadState* const state = waiter()) {
    once_on_fiber(*state, control, function);
    return 0;
  }
  const WakesFibers wakes{control};
  return real::pthread_once(control, function);
}

void call_once(once_flag* flag, void (*function)()) { ::pthread_once(posix(flag), function); }

}  // extern "C"
