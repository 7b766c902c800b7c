// Tells AddressSanitizer of the switches between fibers' stacks, of which it would otherwise know nothing
// (compiler-rt: sanitizer/common_interface_defs.h). Empty in any other build.
#pragma once

#include <cstddef>

namespace runtime::sanitizer {

#if defined(__SANITIZE_ADDRESS__)

// The thread is about to go on to the stack of `size` bytes whose lowest address is `bottom`.
void leaving_for(const void* bottom, std::size_t size) noexcept;

// It has arrived; nothing happens where no switch is under way.
void arrived() noexcept;

// The stack is another fiber's from now on: what was marked in it for the frames of the last one, which may
// have ended without leaving them, no longer counts.
void forget(const void* bottom, std::size_t size) noexcept;

#else

inline void leaving_for(const void*, std::size_t) noexcept {}
inline void arrived() noexcept {}
inline void forget(const void*, std::size_t) noexcept {}

#endif

}  // namespace runtime::sanitizer
