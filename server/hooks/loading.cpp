// Loading libraries: dlopen(3), dlclose(3). Their constructors and destructors run as host code, unhooked:
// one that suspended its fiber would do so under the dynamic linker's lock.
#include <dlfcn.h>

#include "base/log.hpp"
#include "hooks/gate.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

void tell_of_deep_binding(const char* file, int mode) {
  if (!(mode & RTLD_DEEPBIND) || !file || ThreadState::worker_thread() == 0) return;
  base::log_warning("The library ", file,
                    " was opened with RTLD_DEEPBIND, past the server's hooks: where its code"
                    " blocks, all requests of the worker wait");
}

}  // namespace

extern "C" {

// Where `file` is a bare name, the real function would look at the RUNPATH of the library that calls it: it
// is the server that it sees (dlopen(3)).
void* dlopen(const char* file, int mode) noexcept {
  const runtime::HostCode host;
  tell_of_deep_binding(file, mode);
  return real::dlopen(file, mode);
}

void* dlmopen(Lmid_t space, const char* file, int mode) noexcept {
  const runtime::HostCode host;
  return real::dlmopen(space, file, mode);
}

int dlclose(void* library) noexcept {
  const runtime::HostCode host;
  return real::dlclose(library);
}

}  // extern "C"
