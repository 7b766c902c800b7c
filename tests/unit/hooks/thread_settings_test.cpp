#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "runtime/thread_state.hpp"

namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return set;
}

// Which of some signals the thread blocks, as the kernel has it, whoever asks.
std::string really_blocked() {
  const runtime::HostCode host;
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  std::string names;
  if (::sigismember(&mask, SIGTERM)) names += "TERM ";
  if (::sigismember(&mask, SIGUSR1)) names += "USR1 ";
  if (::sigismember(&mask, SIGUSR2)) names += "USR2 ";
  return names;
}

std::string blocked() {
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  std::string names;
  for (const auto& [signal, name] : {std::pair{SIGTERM, "TERM "}, {SIGUSR1, "USR1 "}, {SIGUSR2, "USR2 "}}) {
    if (::sigismember(&mask, signal)) names += name;
  }
  return names;
}

// The tests' thread blocks SIGTERM as a worker does, and so do the threads that it starts.
class WithTermBlocked {
 public:
  WithTermBlocked() {
    const sigset_t term = set_of({SIGTERM});
    ::pthread_sigmask(SIG_BLOCK, &term, &before_);
  }
  ~WithTermBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithTermBlocked(const WithTermBlocked&) = delete;
  WithTermBlocked& operator=(const WithTermBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

TEST_CASE("a request's signal mask is its own, and what the worker blocks stays blocked") {
  const WithTermBlocked as_a_worker;
  std::array<std::string, 7> seen;
  on_request_fibers({[&] {
                       seen[0] = blocked();
                       const sigset_t user = set_of({SIGUSR1});
                       const sigset_t term = set_of({SIGTERM});
                       ::pthread_sigmask(SIG_BLOCK, &user, nullptr);
                       ::sigprocmask(SIG_UNBLOCK, &term, nullptr);
                       ::usleep(10'000);
                       seen[1] = blocked();
                       seen[2] = really_blocked();
                       ::pthread_sigmask(SIG_SETMASK, &term, nullptr);
                       seen[3] = blocked();
                       seen[4] = really_blocked();
                     },
                     [&] {
                       ::usleep(1'000);
                       seen[5] = blocked();
                       seen[6] = really_blocked();
                     }});
  CHECK(seen == std::array<std::string, 7>{"", "USR1 ", "TERM USR1 ", "TERM ", "TERM ", "", "TERM "});
}

TEST_CASE("what a request has blocked is unblocked when it ends, and a wrong change is refused") {
  const WithTermBlocked as_a_worker;
  std::string after;
  int wrong = 0;
  int wrong_by_errno = 0;
  on_request_fibers({[&] {
                       const sigset_t user = set_of({SIGUSR1, SIGKILL});
                       ::pthread_sigmask(SIG_SETMASK, &user, nullptr);
                       wrong = ::pthread_sigmask(99, &user, nullptr);
                       if (::sigprocmask(99, &user, nullptr) == -1) wrong_by_errno = errno;
                     },
                     [&] {
                       ::usleep(5'000);
                       after = really_blocked();
                     }});
  CHECK(after == "TERM ");
  CHECK(wrong == EINVAL);
  CHECK(wrong_by_errno == EINVAL);
}

TEST_CASE("a request's locale is its own over a wait, and nobody else's") {
  std::array<bool, 5> own{};
  on_request_fibers({[&] {
                       locale_t const locale = ::newlocale(LC_ALL_MASK, "C", nullptr);
                       own[0] = ::uselocale(nullptr) == LC_GLOBAL_LOCALE;
                       own[1] = ::uselocale(locale) == LC_GLOBAL_LOCALE;
                       ::usleep(10'000);
                       own[2] = ::uselocale(nullptr) == locale;
                     },
                     [&] {
                       ::usleep(1'000);
                       own[3] = ::uselocale(nullptr) == LC_GLOBAL_LOCALE;
                       ::usleep(20'000);
                       own[4] = ::uselocale(nullptr) == LC_GLOBAL_LOCALE;
                     }});
  CHECK(own == std::array{true, true, true, true, true});
}
