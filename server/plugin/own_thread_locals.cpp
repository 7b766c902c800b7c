#include "plugin/own_thread_locals.hpp"

#include <algorithm>

#include "base/loaded_library.hpp"
#include "plugin/load_error.hpp"

namespace plugin {
namespace {

using base::LoadedLibrary;

// Whether compiled code finds some variable of a library by a distance from the thread's own memory or by a
// descriptor, rather than by __tls_get_addr() (ELF Handling For Thread-Local Storage, section 4.2).
bool is_past_function(const LoadedLibrary::Relocation& relocation) {
#if defined(__x86_64__)
  return relocation.type == R_X86_64_TPOFF64 || relocation.type == R_X86_64_TLSDESC;
#else
  return relocation.type == R_AARCH64_TLS_TPREL || relocation.type == R_AARCH64_TLSDESC;
#endif
}

}  // namespace

std::optional<runtime::ThreadLocalImage> own_thread_locals(const void* code, const std::string& file) {
  const auto libraries = LoadedLibrary::all();
  const auto library =
      std::ranges::find_if(libraries, [&](const LoadedLibrary& candidate) { return candidate.holds(code); });
  if (library == libraries.end()) return std::nullopt;
  const LoadedLibrary::Segment* const segment = library->segment(PT_TLS);
  if (!segment) return std::nullopt;

  bool past_function = false;
  library->for_each_relocation([&](const LoadedLibrary::Relocation& relocation) {
    // One with a name is of a variable that another library may have, errno for one.
    if (relocation.symbol.empty() && is_past_function(relocation)) past_function = true;
  });
  if (past_function) {
    throw LoadError(
        file +
        " asks for thread_local variables per request, but is compiled so that the server can't give"
        " them: compile it with -ftls-model=global-dynamic -mtls-dialect=" +
#if defined(__x86_64__)
        "gnu"
#else
        "trad"
#endif
    );
  }
  const auto initial = library->bytes_of(*segment);
  return runtime::ThreadLocalImage{.module = library->tls_module(),
                                   .initial = initial.data(),
                                   .initial_size = initial.size(),
                                   .size = segment->p_memsz,
                                   .alignment = std::max<std::size_t>(segment->p_align, 1)};
}

}  // namespace plugin
