#include "base/signal_fd.hpp"

#include <poll.h>
#include <signal.h>

#include <array>

#include "catch.hpp"
#include "scope_exit.hpp"

namespace {

// The signals of this test's process as they were, whatever a test blocks.
auto keep_signal_mask() {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return test::ScopeExit([mask] { ::pthread_sigmask(SIG_SETMASK, &mask, nullptr); });
}

bool readable(int fd) {
  pollfd source{fd, POLLIN, 0};
  return ::poll(&source, 1, 0) == 1;
}

constexpr std::array kTwo = {SIGUSR1, SIGUSR2};

}  // namespace

TEST_CASE("signals are read from the descriptor instead of ending the process") {
  const auto restore = keep_signal_mask();
  base::SignalFd signals(kTwo);
  CHECK_FALSE(signals.next());
  CHECK_FALSE(readable(signals.fd()));
  ::raise(SIGUSR1);
  ::raise(SIGUSR2);
  CHECK(readable(signals.fd()));
  CHECK(signals.next() == SIGUSR1);
  CHECK(signals.next() == SIGUSR2);
  CHECK_FALSE(signals.next());
}

TEST_CASE("a signal that came before the descriptor was made is not lost") {
  const auto restore = keep_signal_mask();
  const base::SignalFd parent(kTwo);
  ::raise(SIGUSR1);
  base::SignalFd child(kTwo);
  CHECK(child.next() == SIGUSR1);
}

TEST_CASE("a closed signal descriptor finds nothing") {
  const auto restore = keep_signal_mask();
  base::SignalFd signals(kTwo);
  ::raise(SIGUSR1);
  base::SignalFd other(kTwo);
  signals.close();
  CHECK_FALSE(signals.next());
  CHECK(other.next() == SIGUSR1);
}
