// Starting programs: posix_spawn(3), system(3), popen(3).
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <new>
#include <string_view>

#include "base/unique_fd.hpp"
#include "hooks/gate.hpp"
#include "hooks/offload.hpp"
#include "hooks/pipe_children.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// Attributes by which a program gets the signals that it may expect, where the caller's don't say which:
// blocked is what the request blocks, not what the worker does, and SIGPIPE isn't ignored.
class Attributes {
 public:
  Attributes(ThreadState& state, const posix_spawnattr_t* callers) {
    ::posix_spawnattr_init(&attributes_);
    if (callers) attributes_ = *callers;  // it owns nothing
    short flags = 0;
    ::posix_spawnattr_getflags(&attributes_, &flags);
    if (!(flags & POSIX_SPAWN_SETSIGMASK)) {
      ::posix_spawnattr_setsigmask(&attributes_, &state.settings().mask());
    }
    if (!(flags & POSIX_SPAWN_SETSIGDEF)) {
      sigset_t defaults;
      ::sigemptyset(&defaults);
      ::sigaddset(&defaults, SIGPIPE);
      ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    }
    flags = static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawnattr_setflags(&attributes_, flags);
  }

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

// 0 or an error, as posix_spawn().
int spawn_shell(ThreadState& state, const char* command, const posix_spawn_file_actions_t* actions,
                pid_t& child) {
  char* const arguments[] = {const_cast<char*>("sh"), const_cast<char*>("-c"), const_cast<char*>("--"),
                             const_cast<char*>(command), nullptr};
  return real::posix_spawn(&child, _PATH_BSHELL, actions, Attributes(state, nullptr).get(), arguments,
                           environ);
}

// Waits for a child that nobody else waits for any more, so that it doesn't stay a zombie while the worker
// lives; then deletes itself.
class Reaper final : public runtime::ThreadPool::Job {
 public:
  explicit Reaper(pid_t child) : child_(child) {}

  void work() noexcept override {
    real::waitpid(child_, nullptr, 0);
    delete this;
  }

 private:
  const pid_t child_;
};

// Without waiting here: a child that has been killed may take its time too, for a disk that does not answer.
// Where there is no thread for it, it stays a zombie.
void leave_to_end(ThreadState& state, pid_t child) noexcept {
  const runtime::HostCode host;
  try {
    auto reaper = std::make_unique<Reaper>(child);
    state.pools().waits.start(*reaper);
    reaper.release();
  } catch (const runtime::NoThread&) {
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace

extern "C" {

int posix_spawn(pid_t* child, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment) {
  ThreadState* const state = waiter();
  if (!state) return real::posix_spawn(child, path, actions, attributes, arguments, environment);
  return real::posix_spawn(child, path, actions, Attributes(*state, attributes).get(), arguments,
                           environment);
}

int posix_spawnp(pid_t* child, const char* file, const posix_spawn_file_actions_t* actions,
                 const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment) {
  ThreadState* const state = waiter();
  if (!state) return real::posix_spawnp(child, file, actions, attributes, arguments, environment);
  return real::posix_spawnp(child, file, actions, Attributes(*state, attributes).get(), arguments,
                            environment);
}

// It leaves the server's SIGINT and SIGQUIT alone, which are for the server, not for one request to ignore.
int system(const char* command) {
  ThreadState* const state = waiter();
  if (!state || !command) return real::system(command);
  pid_t child = 0;
  if (spawn_shell(*state, command, nullptr, child) != 0) return W_EXITCODE(127, 0);  // as POSIX has it
  int status = 0;
  if (::waitpid(child, &status, 0) == child) return status;
  if (errno == ECANCELED) {  // as when its thread is cancelled, in libc
    ::kill(child, SIGKILL);
    leave_to_end(*state, child);
    errno = ECANCELED;
  }
  return -1;
}

// With the pipe's own end closed on exec, always: as no other child is to hold it open.
FILE* popen(const char* command, const char* type) {
  ThreadState* const state = waiter();
  if (!state) {
    FILE* const stream = real::popen(command, type);
    if (stream) forget_child_of(stream);  // of one of that address that was closed by fclose()
    return stream;
  }
  const std::string_view mode(type);
  const bool reads = mode.find('r') != mode.npos;
  if (mode.find_first_not_of("rwe") != mode.npos || reads == (mode.find('w') != mode.npos)) {
    errno = EINVAL;
    return nullptr;
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return nullptr;
  const base::UniqueFd theirs(ends[reads ? 1 : 0]);
  const int ours = ends[reads ? 0 : 1];
  FILE* const file = ::fdopen(ours, reads ? "re" : "we");
  if (!file) {
    ::close(ours);
    return nullptr;
  }

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), reads ? STDOUT_FILENO : STDIN_FILENO);
  pid_t child = 0;
  const int error = spawn_shell(*state, command, &actions, child);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == 0) {
    keep_child_of(file, child);
    return file;
  }
  ::fclose(file);
  errno = error;
  return nullptr;
}

// The end of a child that was not waited for, as the request was cancelled, is nobody's to ask for.
int pclose(FILE* file) {
  ThreadState* const state = waiter();
  const pid_t child = forget_child_of(file);
  if (child == 0) {
    return state ? on_thread(*state, -1, [=] { return real::pclose(file); }) : real::pclose(file);
  }
  ::fclose(file);
  int status = 0;
  if (::waitpid(child, &status, 0) == child) return status;
  if (state && errno == ECANCELED) {
    leave_to_end(*state, child);
    errno = ECANCELED;
  }
  return -1;
}

}  // extern "C"
