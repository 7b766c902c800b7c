#include "runtime/offload.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#include "base/exit_guard.hpp"
#include "runtime/remote_wake.hpp"
#include "runtime/thread_state.hpp"

namespace runtime {
namespace {

// A fault of the thread's own can't be held back: the kernel would end the process without asking a handler.
constexpr std::array kOwnFaults = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};

// While it stands, threads that are made take no signals but that one: the worker hears of them elsewhere.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigdelset(&all, interrupt_signal());
    for (const int fault : kOwnFaults) ::sigdelset(&all, fault);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

// A job whose fiber waits for it.
class Call final : public ThreadPool::Job {
 public:
  Call(Reactor& reactor, void (*function)(void*), void* argument)
      : function_(function), argument_(argument), errno_(errno), done_(reactor) {}

  void work() noexcept override {
    set_thread(::pthread_self());
    errno = errno_;
    try {
      function_(argument_);
    } catch (...) {
      thrown_ = std::current_exception();
    }
    errno_ = errno;
    set_thread(0);
    if (ThreadState::in_forked_child()) {
      ThreadState::end_forked_child("has returned from what it was to do on another thread");
    }
    done_.wake();
  }

  void wait(Cut cut) {
    if (done_.wait_until(kNever, cut) == Wake::cancelled) interrupt();
    errno = errno_;
    if (thrown_) std::rethrow_exception(std::move(thrown_));
  }

 private:
  // Again and again: a signal that comes just before the call begins interrupts nothing.
  void interrupt() {
    Duration pause = std::chrono::milliseconds(1);
    do {
      {
        const std::lock_guard lock(mutex_);
        if (thread_ != 0) ::pthread_kill(thread_, interrupt_signal());
      }
      pause = std::min<Duration>(2 * pause, std::chrono::seconds(1));
    } while (done_.wait_until(Clock::now() + pause) == Wake::timed_out);
  }

  void set_thread(pthread_t thread) noexcept {
    const std::lock_guard lock(mutex_);
    thread_ = thread;
  }

  void (*const function_)(void*);
  void* const argument_;
  int errno_;
  std::exception_ptr thrown_;
  std::mutex mutex_;
  pthread_t thread_ = 0;  // that is in the function: no other may be sent the signal
  RemoteWake done_;
};

}  // namespace

int interrupt_signal() {
  static const int signal = [] {
    struct sigaction action {};
    action.sa_handler = [](int) {};  // and no SA_RESTART
    ::sigfillset(&action.sa_mask);
    ::sigaction(SIGRTMAX - 4, &action, nullptr);
    return SIGRTMAX - 4;
  }();
  return signal;
}

// A thread that waits for something to do.
struct ThreadPool::Idle {
  std::condition_variable told;
  Job* job = nullptr;
  Idle* next = nullptr;
};

ThreadPool::~ThreadPool() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  for (Idle* idle = idle_; idle; idle = idle->next) idle->told.notify_one();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

void ThreadPool::run_erased(void (*function)(void*), void* argument, Cut cut) {
  Call call(reactor_, function, argument);
  start(call);
  call.wait(cut);
}

void ThreadPool::start(Job& job) {
  const HostCode host;  // a hook may have been the caller
  const std::lock_guard lock(mutex_);
  if (Idle* const idle = idle_) {
    idle_ = idle->next;
    idle->job = &job;
    idle->told.notify_one();
    return;
  }
  jobs_.push_back(job);
  if (threads_ == limit_) return;
  const int error = add_thread();
  if (!error || threads_ > 0) return;
  jobs_.clear();
  throw NoThread(error, std::generic_category(), "starting a thread");
}

int ThreadPool::add_thread() noexcept {
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  const auto main = [](void* pool) -> void* {
    static_cast<ThreadPool*>(pool)->work();
    return nullptr;
  };
  pthread_t thread;
  const SignalsBlocked blocked;
  const int error = ::pthread_create(&thread, &attributes, main, this);
  ::pthread_attr_destroy(&attributes);
  if (!error) ++threads_;
  return error;
}

// On a thread of the pool.
void ThreadPool::work() {
  char name[16];
  {
    const std::lock_guard lock(mutex_);
    std::snprintf(name, sizeof name, "%s-%u", name_, ++started_);
  }
  ::pthread_setname_np(::pthread_self(), name);
  base::guard_exit();
  while (Job* const job = next_job()) job->work();
  base::unguard_exit();  // the pool may be gone by now
}

// Waits for something to do; null when the thread is to end, and is no longer counted.
ThreadPool::Job* ThreadPool::next_job() {
  std::unique_lock lock(mutex_);
  if (!jobs_.empty()) {
    Job& job = jobs_.front();
    jobs_.pop_front();
    return &job;
  }
  Idle idle;
  idle.next = idle_;
  idle_ = &idle;
  idle.told.wait_for(lock, idle_time_, [&] { return idle.job || ending_; });
  if (idle.job) return idle.job;
  Idle** link = &idle_;
  while (*link != &idle) link = &(*link)->next;
  *link = idle.next;
  if (--threads_ == 0) ended_.notify_all();
  return nullptr;
}

}  // namespace runtime
