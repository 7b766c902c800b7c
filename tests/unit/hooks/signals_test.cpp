#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

// Blocked in all threads, as sigwait(3) wants it.
class Blocked {
 public:
  explicit Blocked(int signal) {
    ::sigemptyset(&set);
    ::sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~Blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;

  sigset_t set;

 private:
  sigset_t before_;
};

}  // namespace

TEST_CASE("a request that waits for a signal gets it from another") {
  const Blocked blocked(SIGUSR1);
  int signal = 0;
  int result = -1;
  on_request_fibers({[&] { result = ::sigwait(&blocked.set, &signal); },
                     [&] {
                       ::usleep(5'000);
                       ::kill(::getpid(), SIGUSR1);
                     }});
  CHECK(result == 0);
  CHECK(signal == SIGUSR1);
}

TEST_CASE("a signal that has come to the worker's thread is taken at once") {
  const Blocked blocked(SIGUSR1);
  int signal = 0;
  siginfo_t info{};
  on_request_fibers(1, [&](int) {
    ::pthread_kill(::pthread_self(), SIGUSR1);
    signal = ::sigwaitinfo(&blocked.set, &info);
  });
  CHECK(signal == SIGUSR1);
  CHECK(info.si_signo == SIGUSR1);
}

TEST_CASE("waiting for signals ends in time, side by side") {
  const Blocked blocked(SIGUSR2);
  int timed_out = 0;
  const auto time = on_request_fibers(50, [&](int) {
    const timespec limit{0, 100'000'000};
    if (::sigtimedwait(&blocked.set, nullptr, &limit) == -1 && errno == EAGAIN) ++timed_out;
  });
  CHECK(timed_out == 50);
  CHECK(time < 2s);
}
