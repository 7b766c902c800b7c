#include "worker/crash_handler.hpp"

#include <time.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "runtime/stacks.hpp"
#include "runtime/thread_state.hpp"

namespace worker {
namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

// Less than the master gives a worker that it has sent SIGABRT.
constexpr base::Duration kPatience = std::chrono::milliseconds(900);

std::atomic<CrashHandler*> handler = nullptr;

bool is_fault(int signal) { return signal == SIGSEGV || signal == SIGBUS; }

}  // namespace

CrashHandler::CrashHandler(const runtime::Stacks& stacks, observe::WorkerSlot& slot)
    : stacks_(stacks),
      slot_(slot),
      process_(::getpid()),
      thread_(::gettid()),
      page_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
  handler = this;
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction present {};
    ::sigaction(kSignals[i], nullptr, &present);
    ours_[i] = (present.sa_flags & SA_SIGINFO) == 0 && present.sa_handler == SIG_DFL;
    // SA_NODEFER: a walk along a broken stack may fault in its turn.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | (is_fault(kSignals[i]) ? SA_NODEFER : 0);
    if (ours_[i]) ::sigaction(kSignals[i], &action, nullptr);
  }
}

CrashHandler::~CrashHandler() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (ours_[i]) ::signal(kSignals[i], SIG_DFL);
  }
  handler = nullptr;
}

void CrashHandler::on_signal(int signal, siginfo_t* info, void*) noexcept {
  CrashHandler* const self = handler.load(std::memory_order_relaxed);
  // A forked child's crash is its own affair.
  const bool is_worker = self && ::getpid() == self->process_;
  if (is_worker && ::gettid() != self->thread_) {
    self->slot_.crashed_elsewhere = true;
  } else if (is_worker) {
    if (is_fault(signal)) observe::StackTrace::abandon_faulty_walk();
    const runtime::HostCode host;  // what is called here must not suspend the fiber that has crashed
    auto well = State::well;
    if (self->state_.compare_exchange_strong(well, State::noting)) {
      self->note(signal, *info);
      self->wait_for_report();
    }
  }
  ::signal(signal, SIG_DFL);
  // A fault comes again when this returns, with all that a core dump tells of it; what was sent has to be
  // sent again, and most often waits until then too.
  if (info->si_code <= 0) ::raise(signal);
}

void CrashHandler::note(int signal, const siginfo_t& info) noexcept {
  crash_.signal = signal;
  crash_.stack.capture();
  if (is_fault(signal)) note_overflow(info.si_addr);
  state_.store(State::crashed, std::memory_order_release);
}

// The stack pointer has its say, as a write past the upper end of one stack meets the guard page of the next.
// No lock and no memory is taken; a fault within the pool itself may find its list of slabs half changed, and
// at worst ends the process without this note.
void CrashHandler::note_overflow(const void* fault) noexcept {
  const auto stack = stacks_.containing(fault);
  if (!stack) return;
  const auto bottom = reinterpret_cast<std::uintptr_t>(stack->data());
  const std::uintptr_t pointer = crash_.stack.stack_pointer();
  const bool in_guard = reinterpret_cast<std::uintptr_t>(fault) < bottom;
  if (!in_guard || pointer < bottom - page_ || pointer > bottom + stack->size()) return;
  slot_.overflow = static_cast<std::uint32_t>(stack->size() + page_);
}

void CrashHandler::wait_for_report() const noexcept {
  constexpr timespec kNap{0,
                          1'000'000};  // the watchdog has nothing to wake us by that a handler may wait for
  const base::TimePoint deadline = base::Clock::now() + kPatience;
  while (crash() && base::Clock::now() < deadline) ::nanosleep(&kNap, nullptr);
}

}  // namespace worker
