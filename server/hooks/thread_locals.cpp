// thread_local variables, for plugins that ask for each request to have its own: how compiled code finds them
// (ELF Handling For Thread-Local Storage, section 3.4.2), and how C++ has them destroyed (Itanium C++ ABI,
// section 3.3.5.3, and glibc's own).
#include "hooks/gate.hpp"
#include "hooks/real.hpp"

using namespace hooks;

extern "C" {

void* __tls_get_addr(TlsIndex* index) {
  ThreadState* const state = ThreadState::active();
  if (!state || !state->thread_locals().has(index->module)) return real::__tls_get_addr(index);
  return state->thread_locals().block() + index->offset;
}

int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* library) noexcept {
  ThreadState* const state = ThreadState::active();
  if (state && state->thread_locals().destroy_at_end(destructor, object)) return 0;
  return real::__cxa_thread_atexit_impl(destructor, object, library);
}

}  // extern "C"
