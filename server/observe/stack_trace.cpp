#include "observe/stack_trace.hpp"

#include <setjmp.h>
#include <signal.h>
#include <unwind.h>

#include <atomic>

namespace observe {
namespace {

// Of the walk that is under way; null: there is none.
std::atomic<sigjmp_buf*> way_back = nullptr;
static_assert(std::atomic<sigjmp_buf*>::is_always_lock_free);  // it is for handlers

}  // namespace

struct StackTrace::Walk {
  StackTrace& trace;
  bool past_handler = false;

  static _Unwind_Reason_Code step(_Unwind_Context* context, void* argument) {
    auto& walk = *static_cast<Walk*>(argument);
    StackTrace& trace = walk.trace;
    int interrupted = 0;  // the address is that of an instruction to be run, not to be returned to
    const std::uintptr_t address = _Unwind_GetIPInfo(context, &interrupted);
    if (interrupted && !walk.past_handler) {
      walk.past_handler = true;
      trace.count_ = 0;
      trace.stack_pointer_ = _Unwind_GetCFA(context);
    }
    if (address == 0 || trace.count_ == kDeepest) return _URC_END_OF_STACK;
    trace.frames_[trace.count_++] = interrupted ? address : address - 1;
    return _URC_NO_REASON;
  }
};

void StackTrace::capture() noexcept {
  count_ = 0;
  stack_pointer_ = 0;
  Walk walk{*this};
  sigjmp_buf here;
  sigjmp_buf* const outer = way_back;  // of a walk that this one interrupts
  if (sigsetjmp(here, 1) == 0) {
    way_back = &here;
    _Unwind_Backtrace(Walk::step, &walk);
  }
  way_back = outer;
}

void StackTrace::abandon_faulty_walk() noexcept {
  if (sigjmp_buf* const way = way_back) siglongjmp(*way, 1);
}

}  // namespace observe
