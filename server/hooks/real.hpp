// The functions that the hooks stand in front of: each is the next definition of its symbol after the
// executable's own, libc's most often. Found before any code of a library runs, never changed after.
#pragma once

#include "hooks/prototypes.hpp"

namespace hooks::real {

#define HOOK(family, symbol) extern decltype(&::symbol) symbol;
#include "hooks/symbols.def"
#undef HOOK

// Finds them. Called before main(); a hook that may be called even before that calls it first.
void resolve();

}  // namespace hooks::real
