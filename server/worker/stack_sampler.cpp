#include "worker/stack_sampler.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include "runtime/thread_state.hpp"

namespace worker {
namespace {

// From the end of the real-time signals: libraries that use some count from the beginning.
int sampling_signal() { return SIGRTMAX - 3; }

std::atomic<StackSampler*> sampler = nullptr;

}  // namespace

StackSampler::StackSampler(const std::atomic<std::uint64_t>& turns) : turns_(turns), thread_(::gettid()) {
  sampler = this;
  struct sigaction action {};
  action.sa_handler = [](int signal) { on_signal(signal); };
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  if (::sigaction(sampling_signal(), &action, &before_) != 0) {
    throw std::system_error(errno, std::generic_category(), "sigaction");
  }
  // Once for nothing: what the unwinder and the loader set up at a first call is then set up.
  static_cast<void>(take({}));
}

StackSampler::~StackSampler() {
  ::sigaction(sampling_signal(), &before_, nullptr);
  sampler = nullptr;
}

void StackSampler::on_signal(int) noexcept {
  StackSampler* const self = sampler.load(std::memory_order_relaxed);
  auto asked = State::asked;
  if (!self || !self->state_.compare_exchange_strong(asked, State::answering)) return;
  const int error = errno;
  const runtime::HostCode host;  // what the unwinder calls must not suspend the fiber that was interrupted
  self->sample_.turns = self->turns_.load(std::memory_order_relaxed);
  self->sample_.stack.capture();
  self->state_.store(State::answered, std::memory_order_release);
  errno = error;
}

const StackSample* StackSampler::take(base::Duration patience) {
  state_ = State::asked;
  if (::tgkill(::getpid(), thread_, sampling_signal()) != 0) state_ = State::idle;
  const base::TimePoint deadline = base::Clock::now() + patience;
  for (;;) {
    State state = state_.load(std::memory_order_acquire);
    if (state == State::answered) return &sample_;
    const bool late = state != State::answering && base::Clock::now() >= deadline;
    // A signal that comes after this finds nothing asked.
    if (late && (state == State::idle || state_.compare_exchange_strong(state, State::idle))) return nullptr;
    std::this_thread::sleep_for(std::chrono::microseconds(200));  // the handler has nothing to wake us by
  }
}

bool StackSampler::thread_waits() const {
  std::ifstream file("/proc/self/task/" + std::to_string(thread_) + "/stat");
  std::string line;
  std::getline(file, line);
  // The state is behind the name, in which anything may stand.
  return line.find(") S ", line.rfind(')')) != line.npos;
}

}  // namespace worker
