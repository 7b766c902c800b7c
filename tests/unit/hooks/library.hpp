// A library of libraries/. It stays open, as a plugin's does.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>

class OpenLibrary {
 public:
  explicit OpenLibrary(const std::string& name, int mode = RTLD_NOW | RTLD_LOCAL)
      : path_(std::string(APPSERVER_TEST_LIBRARIES) + "/libhooks_" + name + ".so"),
        handle_(::dlopen(path_.c_str(), mode)) {
    if (!handle_) throw std::runtime_error(::dlerror());
  }

  const std::string& path() const { return path_; }

  template <typename Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(::dlsym(handle_, name));
  }

 private:
  const std::string path_;
  void* const handle_;
};
