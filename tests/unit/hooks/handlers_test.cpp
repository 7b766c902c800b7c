#include <semaphore.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "runtime/thread_state.hpp"

using namespace std::chrono_literals;

namespace {

// A signal's handler for as long as this stands.
class Handled {
 public:
  Handled(int signal, struct sigaction action) : signal_(signal) { ::sigaction(signal, &action, &before_); }
  ~Handled() { ::sigaction(signal_, &before_, nullptr); }
  Handled(const Handled&) = delete;
  Handled& operator=(const Handled&) = delete;

 private:
  const int signal_;
  struct sigaction before_ {};
};

struct sigaction plainly(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  return action;
}

sem_t posted;
bool was_hooked = true;
int heard = 0;

void post(int) { ::sem_post(&posted); }
void look(int signal) {
  was_hooked = runtime::ThreadState::active() != nullptr;
  heard = signal;
}
void look_closely(int, siginfo_t* info, void*) { look(info->si_signo); }

}  // namespace

TEST_CASE("what a signal's handler posts wakes a fiber, though nothing else happens") {
  ::sem_init(&posted, 0, 0);
  const Handled handled(SIGALRM, plainly(post));
  const auto time = on_request_fibers(1, [&](int) {
    const itimerval once{{0, 0}, {0, 50'000}};
    ::setitimer(ITIMER_REAL, &once, nullptr);
    const timespec limit{::time(nullptr) + 5, 0};
    ::sem_timedwait(&posted, &limit);
  });
  ::sem_destroy(&posted);
  CHECK(time >= 50ms);
  CHECK(time < 2s);
}

TEST_CASE("a handler that posts wherever it interrupts wakes whoever waits, and the worker goes on") {
  ::sem_init(&posted, 0, 0);
  const Handled handled(SIGALRM, plainly(post));
  const itimerval often{{0, 100}, {0, 100}};
  const itimerval never{};
  ::setitimer(ITIMER_REAL, &often, nullptr);
  int late = 0;
  on_request_fibers(50, [&](int) {
    for (int i = 0; i < 200; ++i) {
      const timespec limit{::time(nullptr) + 20, 0};
      if (::sem_timedwait(&posted, &limit) != 0) ++late;
      if (i % 10 != 0) ::sem_post(&posted);
    }
  });
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::sem_destroy(&posted);
  CHECK(late == 0);
}

TEST_CASE("a signal's handler runs unhooked, and the fiber that it interrupted is hooked after it") {
  struct sigaction closely {};
  closely.sa_sigaction = look_closely;
  closely.sa_flags = SA_SIGINFO;
  for (const struct sigaction& action : {plainly(look), closely}) {
    const Handled handled(SIGUSR1, action);
    was_hooked = true;
    heard = 0;
    bool hooked_after = false;
    on_request_fibers(1, [&](int) {
      ::raise(SIGUSR1);
      hooked_after = runtime::ThreadState::active() != nullptr;
    });
    CHECK(heard == SIGUSR1);
    CHECK_FALSE(was_hooked);
    CHECK(hooked_after);
  }
}

TEST_CASE("who asks for a signal's handler is told the one that was set") {
  const Handled handled(SIGUSR1, plainly(post));
  struct sigaction now {};
  ::sigaction(SIGUSR1, nullptr, &now);
  CHECK(now.sa_handler == post);

  CHECK(::signal(SIGUSR1, look) == post);
  CHECK(::signal(SIGUSR1, SIG_IGN) == look);
  CHECK(::signal(SIGUSR1, SIG_DFL) == SIG_IGN);

  struct sigaction closely {};
  closely.sa_sigaction = look_closely;
  closely.sa_flags = SA_SIGINFO;
  CHECK(::sigaction(SIGUSR1, &closely, &now) == 0);
  CHECK(now.sa_handler == SIG_DFL);
  ::sigaction(SIGUSR1, nullptr, &now);
  CHECK(now.sa_sigaction == look_closely);
  CHECK(now.sa_flags & SA_SIGINFO);
}

TEST_CASE("a handler that can't be set leaves everything as it was") {
  const struct sigaction action = plainly(look);
  CHECK(::sigaction(SIGKILL, &action, nullptr) == -1);
  CHECK(::sigaction(0, &action, nullptr) == -1);
  CHECK(::sigaction(1'000, &action, nullptr) == -1);
  CHECK(::signal(SIGKILL, look) == SIG_ERR);
}
