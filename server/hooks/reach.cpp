#include "hooks/reach.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "base/loaded_library.hpp"
#include "hooks/symbols.hpp"

namespace hooks {
namespace {

using base::LoadedLibrary;

// Whether the place holds the address of the relocation's symbol, and nothing else.
bool is_address(const LoadedLibrary::Relocation& relocation) {
#if defined(__x86_64__)
  const bool plain = relocation.type == R_X86_64_64;
  const bool of_table = relocation.type == R_X86_64_JUMP_SLOT || relocation.type == R_X86_64_GLOB_DAT;
#else
  const bool plain = relocation.type == R_AARCH64_ABS64;
  const bool of_table = relocation.type == R_AARCH64_JUMP_SLOT || relocation.type == R_AARCH64_GLOB_DAT;
#endif
  return of_table || (plain && relocation.addend == 0);
}

std::string file_at(std::uintptr_t address) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(address), &info) == 0) return "code of nobody's";
  return info.dli_fname;
}

// `a, b, c and 4 more`
template <typename Text>
std::string listed(const std::set<Text>& names) {
  constexpr std::size_t kMost = 5;
  std::string list;
  std::size_t count = 0;
  for (const Text& name : names) {
    if (count++ < kMost) list.append(list.empty() ? "" : ", ").append(name);
  }
  if (count > kMost) list += " and " + std::to_string(count - kMost) + " more";
  return list;
}

std::string calls_past_hooks(const LoadedLibrary& library) {
  std::map<std::string_view, std::uintptr_t> hooks;
  for (const Symbol& symbol : symbols()) {
    hooks.emplace(symbol.name, reinterpret_cast<std::uintptr_t>(symbol.hook));
  }
  std::set<std::string_view> past;
  std::set<std::string> files;
  library.for_each_relocation([&](const LoadedLibrary::Relocation& relocation) {
    const auto hook = hooks.find(relocation.symbol);
    if (hook == hooks.end() || !is_address(relocation) || *relocation.place == hook->second) return;
    past.insert(hook->first);
    files.insert(file_at(*relocation.place));
  });
  if (past.empty()) return {};
  return "its calls of " + listed(past) + " go to " + listed(files) +
         " past the server's hooks, as RTLD_DEEPBIND or -Bsymbolic has them do: where these block, all "
         "requests"
         " of the worker wait";
}

// A C++ runtime is known by the name of a type that no other library has the type information of; that calls
// can't reach the process's own instead, by the linker's having bound none of them by name.
bool has_hidden_runtime(const LoadedLibrary& library) {
  using namespace std::string_view_literals;
  if (!library.has_constant("N10__cxxabiv117__class_type_infoE\0"sv)) return false;
  bool reachable = false;
  library.for_each_relocation([&](const LoadedLibrary::Relocation& relocation) {
    reachable =
        reachable || relocation.symbol == "__cxa_begin_catch" || relocation.symbol == "__cxa_get_globals";
  });
  return !reachable;
}

constexpr const char* kHiddenRuntime =
    "has a C++ runtime of its own that is hidden, as by -static-libstdc++ with -Wl,--exclude-libs,ALL: a "
    "request that"
    " waits while it handles an exception could be given another's";

}  // namespace

Reach::Reach() {
  for (const LoadedLibrary& library : LoadedLibrary::all()) known_.insert(library.address());
}

Reach::Findings Reach::look(const std::string& file, const void* code) {
  Findings findings;
  for (const LoadedLibrary& library : LoadedLibrary::all()) {
    if (!known_.insert(library.address()).second) continue;
    const bool is_plugin = library.holds(code);
    const std::string& name = is_plugin ? file : library.path();
    if (const std::string calls = calls_past_hooks(library); !calls.empty()) {
      findings.unreached.push_back(name + ": " + calls);
    }
    if (!has_hidden_runtime(library)) continue;
    if (is_plugin) {
      findings.refusal =
          name + " " + kHiddenRuntime + ": link it without --exclude-libs, or with the shared libstdc++";
    } else {
      findings.unreached.push_back(name + " " + kHiddenRuntime);
    }
  }
  return findings;
}

}  // namespace hooks
