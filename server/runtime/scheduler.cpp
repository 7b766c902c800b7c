#include "runtime/scheduler.hpp"

#include <pthread.h>

#include "runtime/reactor.hpp"
#include "runtime/sanitizer.hpp"
#include "runtime/stacks.hpp"
#include "runtime/thread_state.hpp"

namespace runtime {

using boost::fibers::context;
using boost::fibers::type;

Scheduler::Scheduler(Reactor& reactor, const Stacks& stacks) : reactor_(reactor), stacks_(stacks) {
  reactor.remote_wakes().adopt_thread();
  ThreadState::adopt_thread();
  of_this_thread_ = this;
}

bool Scheduler::runs_here() noexcept { return RemoteWakes::has_thread(); }

void Scheduler::awakened(context* fiber) noexcept { fiber->ready_link(ready_); }

context* Scheduler::pick_next() noexcept {
  sanitizer::arrived();
  if (ThreadState::in_forked_child()) ThreadState::end_forked_child("was about to wait as the server does");
  if (ready_.empty()) return nullptr;
  // The dispatcher comes round once for each round of ready fibers; unless it comes from the reactor, the
  // reactor gets a look in, so that fibers which never wait can't keep the others from waking.
  if (context::active()->is_context(type::dispatcher_context)) {
    if (!looked_) reactor_.poll();
    looked_ = false;
  }
  context* const next = &ready_.front();
  ready_.pop_front();
  tell_sanitizer(next);
  return next;
}

void Scheduler::suspend_until(const TimePoint& deadline) noexcept {
  sanitizer::arrived();
  reactor_.turn(deadline);
  looked_ = true;
}

std::optional<std::span<std::byte>> Scheduler::stack_of(const void* address) {
  if (!of_this_thread_) return std::nullopt;
  return of_this_thread_->stacks_.containing(address);
}

#if defined(__SANITIZE_ADDRESS__)

void Scheduler::tell_sanitizer(context* next) noexcept {
  if (const auto stack = stacks_.containing(next)) {
    sanitizer::leaving_for(stack->data(), stack->size());
  } else if (next->is_context(type::main_context)) {
    pthread_attr_t attributes;
    void* bottom = nullptr;
    std::size_t size = 0;
    ::pthread_getattr_np(::pthread_self(), &attributes);
    ::pthread_attr_getstack(&attributes, &bottom, &size);
    ::pthread_attr_destroy(&attributes);
    sanitizer::leaving_for(bottom, size);
  } else {
    // The dispatcher's: Boost.Fiber makes it, with its control block at the top of its default stack.
    constexpr std::size_t kUsed = 96 * 1024;
    sanitizer::leaving_for(reinterpret_cast<std::byte*>(next) - kUsed, kUsed);
  }
}

#else

void Scheduler::tell_sanitizer(context*) noexcept { static_cast<void>(stacks_); }

#endif

}  // namespace runtime
