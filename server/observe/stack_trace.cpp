#include "observe/stack_trace.hpp"

#include <setjmp.h>
#include <signal.h>
#include <unwind.h>

namespace observe {
namespace {

volatile sig_atomic_t walking = 0;
sigjmp_buf way_back;

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
  if (sigsetjmp(way_back, 1) == 0) {
    walking = 1;
    _Unwind_Backtrace(Walk::step, &walk);
  }
  walking = 0;
}

void StackTrace::abandon_faulty_walk() noexcept {
  if (walking) siglongjmp(way_back, 1);
}

}  // namespace observe
