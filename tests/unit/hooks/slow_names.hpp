// While it lives, getaddrinfo(3) knows every host, and takes a tenth of a second.
#pragma once

#include <nss.h>

#include "library.hpp"

class SlowNames {
 public:
  // libc opens the source under this name, by which the linker finds what is open already.
  SlowNames() : library_("slow_names") { ::__nss_configure_lookup("hosts", "hooks_slow"); }
  ~SlowNames() { ::__nss_configure_lookup("hosts", "files dns"); }
  SlowNames(const SlowNames&) = delete;
  SlowNames& operator=(const SlowNames&) = delete;

 private:
  const OpenLibrary library_;
};
