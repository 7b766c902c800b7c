// Waiting for child processes: wait(2), waitid(2), wait4(2). The end of one child is an event of its
// descriptor (pidfd_open(2)); what else can happen to one, or to any of several, a thread waits for.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// By the kernel's own name: glibc 2.36 declares the function for C only.
int open_process(pid_t pid) {
  const runtime::HostCode host;
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

// 0; ECANCELED; another error where that can't be waited for so: there is no such child, or the kernel is
// older than Linux 5.3.
int wait_for_end(ThreadState& state, pid_t pid) {
  const base::UniqueFd process(open_process(pid));
  return process ? wait_until_ready(state, process.get(), POLLIN, kNever) : ENOSYS;
}

// Calls `attempt(options)`, which gives what `nothing_yet` knows where it is told not to wait and would have
// to, until it gives anything else.
template <typename Attempt, typename NothingYet, typename WaitForEnd>
auto reap(ThreadState& state, int options, Attempt attempt, NothingYet nothing_yet, WaitForEnd wait_for_end) {
  for (;;) {
    const int error_before = errno;
    const auto result = attempt(options | WNOHANG);
    if (options & WNOHANG || !nothing_yet(result)) return result;
    errno = error_before;
    const int error = wait_for_end();
    if (error == ECANCELED) {
      errno = error;
      return decltype(result){-1};
    }
    if (error != 0) return on_thread(state, decltype(result){-1}, [&] { return attempt(options); });
  }
}

pid_t wait_for(ThreadState& state, pid_t pid, int* status, int options, rusage* usage) {
  const bool end_only = pid > 0 && !(options & (WUNTRACED | WCONTINUED));
  return reap(
      state, options, [&](int how) { return real::wait4(pid, status, how, usage); },
      [](pid_t result) { return result == 0; }, [&] { return end_only ? wait_for_end(state, pid) : EINVAL; });
}

int wait_for(ThreadState& state, idtype_t type, id_t id, siginfo_t& info, int options) {
  const bool end_only = !(options & (WSTOPPED | WCONTINUED));
  return reap(
      state, options,
      [&](int how) {
        info.si_pid = 0;  // where there is nothing, it is left alone
        return real::waitid(type, id, &info, how);
      },
      [&](int result) { return result == 0 && info.si_pid == 0; },
      [&] {
        if (end_only && type == P_PID) return wait_for_end(state, static_cast<pid_t>(id));
        if (end_only && type == P_PIDFD) return wait_until_ready(state, static_cast<int>(id), POLLIN, kNever);
        return EINVAL;
      });
}

}  // namespace

extern "C" {

pid_t wait4(pid_t pid, int* status, int options, rusage* usage) noexcept {
  ThreadState* const state = waiter();
  if (!state) return real::wait4(pid, status, options, usage);
  return wait_for(*state, pid, status, options, usage);
}

pid_t wait3(int* status, int options, rusage* usage) noexcept {
  ThreadState* const state = waiter();
  if (!state) return real::wait3(status, options, usage);
  return wait_for(*state, -1, status, options, usage);
}

pid_t waitpid(pid_t pid, int* status, int options) {
  ThreadState* const state = waiter();
  if (!state) return real::waitpid(pid, status, options);
  return wait_for(*state, pid, status, options, nullptr);
}

pid_t __waitpid(pid_t pid, int* status, int options) { return ::waitpid(pid, status, options); }

pid_t wait(int* status) {
  ThreadState* const state = waiter();
  if (!state) return real::wait(status);
  return wait_for(*state, -1, status, 0, nullptr);
}

pid_t __wait(int* status) { return ::wait(status); }

int waitid(idtype_t type, id_t id, siginfo_t* info, int options) {
  ThreadState* const state = waiter();
  if (!state) return real::waitid(type, id, info, options);
  siginfo_t own;
  return wait_for(*state, type, id, info ? *info : own, options);
}

}  // extern "C"
