// A shared library that claims to be a plugin, opened and checked, before any of its functions is called. It
// is never closed: what a plugin has left behind in the process (threads, callbacks, unique symbols) may
// outlive any wish to. A new process is how code is replaced.
#pragma once

#include <boost/dll/shared_library.hpp>
#include <string>

#include "appserver/abi.h"

namespace plugin {

class Library {
 public:
  // Opens `image`, a path that holds what `file` held; `file` is for messages. Throws LoadError: not a
  // library, not a plugin, or of another ABI.
  Library(const std::string& image, const std::string& file);

  // The plugin's descriptor, with zeros for what this version of it has and the plugin's has not.
  const appserver_plugin_descriptor& descriptor() const { return descriptor_; }

  // An address in it.
  const void* code() const { return symbol_; }

 private:
  boost::dll::shared_library library_;
  const char* symbol_;
  appserver_plugin_descriptor descriptor_;
};

// Reads as much of a plugin's descriptor as its `size` says is there, and leaves zeros for the rest.
appserver_plugin_descriptor read_descriptor(const void* symbol);

// Says why a host of this ABI can't take a plugin of that descriptor; empty if it can.
std::string why_refused(const appserver_plugin_descriptor& descriptor);

}  // namespace plugin
