#include "runtime/sanitizer.hpp"

#if defined(__SANITIZE_ADDRESS__)

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

// Frames of fibers that have ended are used again at once: fake stacks would never be freed.
extern "C" const char* __asan_default_options() { return "detect_stack_use_after_return=0"; }

namespace runtime::sanitizer {
namespace {
thread_local bool switching = false;
}

void leaving_for(const void* bottom, std::size_t size) noexcept {
  switching = true;
  __sanitizer_start_switch_fiber(nullptr, bottom, size);
}

void arrived() noexcept {
  if (!switching) return;
  switching = false;
  __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
}

void forget(const void* bottom, std::size_t size) noexcept { ASAN_UNPOISON_MEMORY_REGION(bottom, size); }

}  // namespace runtime::sanitizer

#endif
