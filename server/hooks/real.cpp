#include "hooks/real.hpp"

#include <dlfcn.h>

namespace hooks::real {

#define HOOK(family, symbol) constinit decltype(&::symbol) symbol = nullptr;
#include "hooks/symbols.def"
#undef HOOK

void resolve() {
#define HOOK(family, symbol) symbol = reinterpret_cast<decltype(symbol)>(::dlsym(RTLD_NEXT, #symbol));
#include "hooks/symbols.def"
#undef HOOK
}

namespace {

// Libraries call hooked functions from their constructors: what stands in .preinit_array runs before those
// (System V ABI, Dynamic Linking, Initialization and Termination Functions).
[[gnu::section(".preinit_array"), gnu::used]] void (*const resolve_first)() = resolve;

}  // namespace
}  // namespace hooks::real
