// Which thread the caller is, and what is asked of a thread by that: pthread_self(3) on a request's fiber is
// the fiber, so that locks which know their owner tell two requests apart. Where the kernel is asked, the
// fiber's thread is the worker's.
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"
#include "hooks/gate.hpp"
#include "hooks/real.hpp"
#include "runtime/scheduler.hpp"

namespace {

using namespace hooks;

bool is_fiber(pthread_t thread) { return ThreadState::is_fiber(thread); }

// The thread that runs what `thread` is.
pthread_t thread_of(pthread_t thread) { return is_fiber(thread) ? ThreadState::worker_thread() : thread; }

// It would take the worker and all its requests with it.
[[noreturn]] void end_worker(const char* call) {
  const runtime::HostCode host;
  base::log_critical(call,
                     " was called on a request's fiber, which is the worker's only thread: the worker ends,"
                     " and its requests with it. A handler ends by returning");
  ::_exit(EXIT_FAILURE);
}

}  // namespace

extern "C" {

pthread_t pthread_self() noexcept {
  const ThreadState* const state = ThreadState::active();
  return state ? state->self() : real::pthread_self();
}

thrd_t thrd_current() { return ::pthread_self(); }

int pthread_kill(pthread_t thread, int signal) noexcept {
  return real::pthread_kill(thread_of(thread), signal);
}

int pthread_sigqueue(pthread_t thread, int signal, const sigval value) noexcept {
  return real::pthread_sigqueue(thread_of(thread), signal, value);
}

// A garbage collector asks for it, to know where it has to look, and an interpreter, to know how deep it may
// go.
int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes) noexcept {
  if (!is_fiber(thread)) return real::pthread_getattr_np(thread, attributes);
  const runtime::HostCode host;
  const auto stack = runtime::Scheduler::stack_of(&ThreadState::of(thread));
  if (!stack) return real::pthread_getattr_np(thread_of(thread), attributes);
  if (const int error = ::pthread_attr_init(attributes); error != 0) return error;
  ::pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
  return ::pthread_attr_setstack(attributes, stack->data(), stack->size());
}

// What ps(1) shows of the worker is not a request's to change.
int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  if (!is_fiber(thread)) return real::pthread_setname_np(thread, name);
  auto& own = ThreadState::of(thread).name();
  const std::size_t length = std::strlen(name);
  if (length >= own.size()) return ERANGE;
  std::copy_n(name, length + 1, own.begin());
  return 0;
}

int pthread_getname_np(pthread_t thread, char* name, size_t size) noexcept {
  if (!is_fiber(thread)) return real::pthread_getname_np(thread, name, size);
  const auto& own = ThreadState::of(thread).name();
  if (own.front() == '\0') return real::pthread_getname_np(thread_of(thread), name, size);
  if (size < own.size()) return ERANGE;
  std::copy(own.begin(), own.end(), name);
  return 0;
}

int pthread_getcpuclockid(pthread_t thread, clockid_t* clock) noexcept {
  return real::pthread_getcpuclockid(thread_of(thread), clock);
}

int pthread_getschedparam(pthread_t thread, int* policy, sched_param* parameters) noexcept {
  return real::pthread_getschedparam(thread_of(thread), policy, parameters);
}

int pthread_setschedparam(pthread_t thread, int policy, const sched_param* parameters) noexcept {
  return real::pthread_setschedparam(thread_of(thread), policy, parameters);
}

int pthread_setschedprio(pthread_t thread, int priority) noexcept {
  return real::pthread_setschedprio(thread_of(thread), priority);
}

int pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t* cpus) noexcept {
  return real::pthread_getaffinity_np(thread_of(thread), size, cpus);
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t* cpus) noexcept {
  return real::pthread_setaffinity_np(thread_of(thread), size, cpus);
}

// A request can't be cancelled by its plugin, nor is there anybody to take up its end: it is as a thread that
// is detached.
int pthread_cancel(pthread_t thread) { return is_fiber(thread) ? ENOTSUP : real::pthread_cancel(thread); }

int pthread_detach(pthread_t thread) noexcept {
  return is_fiber(thread) ? EINVAL : real::pthread_detach(thread);
}

int thrd_detach(thrd_t thread) { return is_fiber(thread) ? thrd_error : real::thrd_detach(thread); }

void pthread_exit(void* result) {
  if (ThreadState::active()) end_worker("pthread_exit()");
  real::pthread_exit(result);
  __builtin_unreachable();
}

void thrd_exit(int result) {
  if (ThreadState::active()) end_worker("thrd_exit()");
  real::thrd_exit(result);
  __builtin_unreachable();
}

}  // extern "C"
