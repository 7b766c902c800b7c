#include "observe/stack_trace.hpp"

#include <alloca.h>
#include <setjmp.h>
#include <signal.h>

#include "catch.hpp"
#include "scope_exit.hpp"

namespace {

sigjmp_buf escape;
volatile sig_atomic_t faults;

// As the sampler's signal would, it walks the stack in the midst of the walk that has faulted.
void on_fault(int) {
  faults = faults + 1;
  if (faults == 1) {
    observe::StackTrace inner;
    inner.capture();
  }
  observe::StackTrace::abandon_faulty_walk();
  siglongjmp(escape, 1);
}

// Has the walk look for the caller's frame where there is no memory.
[[gnu::noinline]] void capture_on_broken_stack(observe::StackTrace& trace) {
  void* volatile* const frame = static_cast<void**>(__builtin_frame_address(0));
  void* const before = *frame;
  *frame = reinterpret_cast<void*>(64);
  trace.capture();
  *frame = before;
}

// Its frame is found by the frame pointer alone, for what it takes of the stack is not known beforehand.
[[gnu::noinline]] void call_on_broken_stack(observe::StackTrace& trace, std::size_t size) {
  auto* const room = static_cast<volatile char*>(alloca(size));
  room[0] = 1;
  capture_on_broken_stack(trace);
  room[0] = 2;
}

}  // namespace

TEST_CASE("a walk that faults ends by itself, after another that it was interrupted for has faulted too") {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = on_fault;
  action.sa_flags = SA_NODEFER;
  REQUIRE(::sigaction(SIGSEGV, &action, &before) == 0);
  const test::ScopeExit restore([&] { ::sigaction(SIGSEGV, &before, nullptr); });

  faults = 0;
  volatile std::size_t size = 100;
  observe::StackTrace trace;
  const bool escaped = sigsetjmp(escape, 1) != 0;
  if (!escaped) call_on_broken_stack(trace, size);
  CHECK_FALSE(escaped);
  CHECK(faults == 2);
  CHECK_FALSE(trace.frames().empty());
}
