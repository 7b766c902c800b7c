// A plugin's file, opened as the server opens it.
#pragma once

#include <appserver/abi.h>
#include <dlfcn.h>

#include <stdexcept>
#include <string>

class Library {
 public:
  explicit Library(const std::string& file) : handle_(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(::dlerror());
  }
  ~Library() { ::dlclose(handle_); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const appserver_plugin_descriptor& plugin() const {
    return *static_cast<const appserver_plugin_descriptor*>(::dlsym(handle_, "appserver_plugin"));
  }

 private:
  void* const handle_;
};
