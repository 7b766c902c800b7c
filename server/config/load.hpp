// Reads the configuration: defaults, the file, APPSERVER_CMD_ARGS and the command line, weakest first. The
// master, and main before it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/error.hpp"
#include "config/invocation.hpp"

namespace config {

// Everything a configuration is made from; kept by the master, so that a reload reads the same again.
struct Sources {
  std::vector<std::string> arguments;              // without argv[0]
  std::map<std::string, std::string> environment;  // APPSERVER_CMD_ARGS, APPSERVER_PLUGIN_PATH, PORT...
  std::string executable;                          // path of the binary
};

// Throws Error. A plugin that is not where it should be has the code plugin_load, all else bad_config.
// [master]
Invocation load(const Sources& sources);

}  // namespace config
