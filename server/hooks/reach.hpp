// Whether the hooks reach what a plugin has brought: looked up in the libraries themselves, where the dynamic
// linker has bound their calls. Owned by the worker, on its thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace hooks {

class Reach {
 public:
  // What is loaded already is the server's own.
  Reach();

  struct Findings {
    std::string refusal;                 // why the plugin can't be served, and what to do; empty: it can
    std::vector<std::string> unreached;  // each a library, what of it the hooks don't reach, and why
  };

  // Looks at the libraries that have come since the last look. `file` is what the plugin among them is called
  // by the operator, where its code is at `code`. [worker]
  Findings look(const std::string& file, const void* code);

 private:
  std::set<std::uintptr_t> known_;  // by address: libraries of plugins are never unloaded
};

}  // namespace hooks
