// Handlers of signals: sigaction(2), signal(2). A handler that plugin code has set interrupts whatever a
// worker's thread is at, be it malloc(3) or the scheduler, and must not suspend the fiber that it finds
// there: it runs as host code, unhooked. (One that leaves by siglongjmp(3) leaves the rest of its request
// so.)
#include <signal.h>

#include <array>
#include <atomic>

#include "hooks/gate.hpp"
#include "hooks/real.hpp"
#include "runtime/remote_wake.hpp"

namespace {

using namespace hooks;

using Plain = void (*)(int);
using Detailed = void (*)(int, siginfo_t*, void*);

constexpr int kSignals = 65;  // of Linux, and one, as there is none of number 0

// What has been set last, by signal. The kernel is given one of the two below in its place.
constinit std::array<std::atomic<Plain>, kSignals> plain{};
constinit std::array<std::atomic<Detailed>, kSignals> detailed{};

std::size_t index_of(int signal) { return static_cast<std::size_t>(signal); }

struct Unhooked {
  runtime::HostCode host;
  runtime::RemoteWakes::Interruption interruption;
};

void run_plain(int signal) {
  const Unhooked unhooked;
  plain[index_of(signal)].load()(signal);
}

void run_detailed(int signal, siginfo_t* info, void* context) {
  const Unhooked unhooked;
  detailed[index_of(signal)].load()(signal, info, context);
}

// The two forms share their place in the kernel's table, as in struct sigaction.
Plain as_plain(Detailed handler) {
  struct sigaction action;
  action.sa_sigaction = handler;
  return action.sa_handler;
}

bool is_signal(int signal) { return signal > 0 && signal < kSignals; }

bool is_function(Plain handler) { return handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR; }

// signal(2) by either of its two meanings.
Plain set_by(Plain (*real)(int, Plain), int signal, Plain handler) {
  if (!is_signal(signal)) return real(signal, handler);
  const Plain plain_before = plain[index_of(signal)].load();
  const Detailed detailed_before = detailed[index_of(signal)].load();
  const bool runs = is_function(handler);
  if (runs) plain[index_of(signal)] = handler;
  const Plain before = real(signal, runs ? run_plain : handler);
  if (before == SIG_ERR) plain[index_of(signal)] = plain_before;
  if (before == run_plain) return plain_before;
  return before == as_plain(run_detailed) ? as_plain(detailed_before) : before;
}

}  // namespace

extern "C" {

// A sanitizer sets its own before the executable begins.
int sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
  if (!real::sigaction) real::resolve();
  if (!is_signal(signal)) return real::sigaction(signal, action, before);
  auto& own_plain = plain[index_of(signal)];
  auto& own_detailed = detailed[index_of(signal)];
  const Plain plain_before = own_plain.load();
  const Detailed detailed_before = own_detailed.load();
  struct sigaction changed {};
  if (action) {
    changed = *action;
    const bool runs = is_function(action->sa_handler);
    if (runs && action->sa_flags & SA_SIGINFO) {
      own_detailed = action->sa_sigaction;
      changed.sa_sigaction = run_detailed;
    } else if (runs) {
      own_plain = action->sa_handler;
      changed.sa_handler = run_plain;
    }
  }
  const int result = real::sigaction(signal, action ? &changed : nullptr, before);
  if (result != 0) {
    own_plain = plain_before;
    own_detailed = detailed_before;
  } else if (before && before->sa_handler == run_plain) {
    before->sa_handler = plain_before;
  } else if (before && before->sa_sigaction == run_detailed) {
    before->sa_sigaction = detailed_before;
  }
  return result;
}

sighandler_t signal(int signal, sighandler_t handler) noexcept {
  return set_by(real::signal, signal, handler);
}

// What `signal` means to code that asks for POSIX alone.
sighandler_t __sysv_signal(int signal, sighandler_t handler) noexcept {
  return set_by(real::__sysv_signal, signal, handler);
}

}  // extern "C"
