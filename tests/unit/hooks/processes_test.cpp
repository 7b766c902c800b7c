#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

// The exit code of a child that does `body` and ends by _exit(); -1 where it ended otherwise.
template <typename Body>
int in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int sleep_and_exit(int code) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(100'000);
    ::_exit(code);
  }
  return child;
}

// How a worker is: with signals that it reads from a descriptor, and no SIGPIPE.
class WorkerSignals {
 public:
  WorkerSignals() : pipe_(::signal(SIGPIPE, SIG_IGN)) {
    sigset_t mask;
    ::sigemptyset(&mask);
    ::sigaddset(&mask, SIGTERM);
    ::sigaddset(&mask, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &mask, &before_);
  }
  ~WorkerSignals() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    ::signal(SIGPIPE, pipe_);
  }
  WorkerSignals(const WorkerSignals&) = delete;
  WorkerSignals& operator=(const WorkerSignals&) = delete;

 private:
  sigset_t before_;
  void (*pipe_)(int);
};

// Exits with 0 if SIGTERM (bit 14) and SIGHUP (bit 0) are not blocked, and SIGPIPE (bit 12) is not ignored.
constexpr const char* kHasCleanSignals =
    "while read name value; do case $name in SigBlk:|SigIgn:) v=0x${value#????????}; "
    "[ $((v & 0x5001)) = 0 ] || exit 1;; esac; done < /proc/self/status; exit 0";

}  // namespace

TEST_CASE("a hundred requests wait for their children side by side, each for its own") {
  int right = 0;
  std::function<int(pid_t)> wait;
  SECTION("waitpid") {
    wait = [](pid_t child) {
      int status = 0;
      return ::waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1;
    };
  }
  SECTION("wait4") {
    wait = [](pid_t child) {
      int status = 0;
      rusage usage{};
      return ::wait4(child, &status, 0, &usage) == child ? WEXITSTATUS(status) : -1;
    };
  }
  SECTION("waitid") {
    wait = [](pid_t child) {
      siginfo_t info{};
      return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED) == 0 ? info.si_status : -1;
    };
  }
  const auto time = on_request_fibers(100, [&](int i) {
    if (wait(sleep_and_exit(i)) == i) ++right;
  });
  CHECK(right == 100);
  CHECK(time < 4s);
}

TEST_CASE("waiting for any child leaves the others their turn") {
  int status = 0;
  int meanwhile = 0;
  bool waited = false;
  on_request_fibers({[&] {
                       sleep_and_exit(3);
                       waited = ::wait(&status) > 0;
                     },
                     [&] {
                       while (!waited) {
                         ::usleep(1'000);
                         ++meanwhile;
                       }
                     }});
  CHECK(WEXITSTATUS(status) == 3);
  CHECK(meanwhile > 5);
}

TEST_CASE("what can't be waited for is told as by the real calls") {
  std::array<int, 4> results{};
  std::array<int, 3> errors{};
  on_request_fibers(1, [&](int) {
    int status = 0;
    results[0] = ::waitpid(::getpid(), &status, 0);
    errors[0] = errno;
    results[1] = ::wait(&status);
    errors[1] = errno;
    results[2] = ::waitid(P_PID, static_cast<id_t>(::getpid()), nullptr, WEXITED);
    errors[2] = errno;
    const pid_t child = sleep_and_exit(0);
    results[3] = ::waitpid(child, &status, WNOHANG);
    ::waitpid(child, &status, 0);
  });
  CHECK(results == std::array{-1, -1, -1, 0});
  CHECK(errors == std::array{ECHILD, ECHILD, ECHILD});
}

TEST_CASE("a child keeps the request's identity, and its waits are real") {
  int code = -1;
  on_request_fibers({[&] {
                       const pthread_t self = ::pthread_self();
                       code = in_child([&] {
                         if (!pthread_equal(self, ::pthread_self())) return 1;
                         ::usleep(1'000);
                         int ends[2];
                         char byte;
                         if (::pipe(ends) != 0 || ::write(ends[1], "x", 1) != 1) return 2;
                         return ::read(ends[0], &byte, 1) == 1 ? 0 : 3;
                       });
                     },
                     [&] { ::usleep(1'000); }});
  CHECK(code == 0);
}

TEST_CASE("a child may end by exit(), and nothing of the worker runs then") {
  int code = -1;
  static const pid_t tests = ::getpid();
  ::atexit([] {
    if (::getpid() != tests) ::_exit(99);
  });
  on_request_fibers(1, [&](int) {
    const pid_t child = ::fork();
    if (child == 0) ::exit(7);
    int status = 0;
    ::waitpid(child, &status, 0);
    code = WEXITSTATUS(status);
  });
  CHECK(code == 7);
}

TEST_CASE("a child that goes on as the server does is ended") {
  int code = -1;
  on_worker_thread([&](WorkerThread&) {
    const pid_t child = ::fork();
    runtime::yield();  // as a return into the host comes to
    if (child == 0) ::_exit(0);
    int status = 0;
    ::waitpid(child, &status, 0);
    code = WEXITSTATUS(status);
  });
  CHECK(code == EXIT_FAILURE);
}

TEST_CASE("programs that a request starts have the signals that they expect") {
  const WorkerSignals as_in_a_worker;
  int code = -1;
  SECTION("system") {
    on_request_fibers(1, [&](int) { code = ::system(kHasCleanSignals); });
  }
  SECTION("popen") {
    on_request_fibers(1, [&](int) {
      FILE* const stream = ::popen(kHasCleanSignals, "r");
      if (stream) code = ::pclose(stream);
    });
  }
  SECTION("posix_spawn") {
    on_request_fibers(1, [&](int) {
      char* const arguments[] = {const_cast<char*>("sh"), const_cast<char*>("-c"),
                                 const_cast<char*>(kHasCleanSignals), nullptr};
      pid_t child = 0;
      if (::posix_spawnp(&child, "sh", nullptr, nullptr, arguments, environ) == 0) {
        ::waitpid(child, &code, 0);
      }
    });
  }
  SECTION("fork and exec") {
    on_request_fibers(1, [&](int) {
      code = in_child([] { return ::execl("/bin/sh", "sh", "-c", kHasCleanSignals, nullptr); });
    });
  }
  SECTION("vfork and exec") {
    on_request_fibers(1, [&](int) {
      const pid_t child = ::vfork();
      if (child == 0) {
        ::execl("/bin/sh", "sh", "-c", kHasCleanSignals, nullptr);
        ::_exit(98);
      }
      ::waitpid(child, &code, 0);
    });
  }
  CHECK(code == 0);
}

TEST_CASE("commands run side by side, and tell how they ended") {
  int right = 0;
  const auto time = on_request_fibers(20, [&](int i) {
    const std::string command = "sleep 0.2; exit " + std::to_string(i);
    const int status = ::system(command.c_str());
    if (WIFEXITED(status) && WEXITSTATUS(status) == i) ++right;
  });
  CHECK(right == 20);
  CHECK(time < 3s);
  int there = 0;
  int killed = 0;
  on_request_fibers(1, [&](int) {
    there = ::system(nullptr);
    killed = ::system("kill -9 $$");
  });
  CHECK(there != 0);
  CHECK(WIFSIGNALED(killed));
}

TEST_CASE("a request reads from and writes to commands") {
  std::string said;
  int read_status = -1;
  int write_status = -1;
  int refused = 0;
  on_request_fibers(1, [&](int) {
    FILE* const from = ::popen("echo hello; exit 3", "r");
    std::array<char, 32> line{};
    if (std::fgets(line.data(), line.size(), from)) said = line.data();
    read_status = ::pclose(from);
    FILE* const to = ::popen("read word; [ \"$word\" = there ]", "w");
    std::fputs("there\n", to);
    write_status = ::pclose(to);
    if (!::popen("true", "rw")) refused = errno;
  });
  CHECK(said == "hello\n");
  CHECK(WEXITSTATUS(read_status) == 3);
  CHECK(write_status == 0);
  CHECK(refused == EINVAL);
}
