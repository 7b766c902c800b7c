// What the command line asks the binary to do, and with what.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace config {

enum class Action { serve, help, version, list_hooks, check_config, print_config };

struct Invocation {
  Action action = Action::serve;
  Settings settings;  // whole for serve and check_config
  std::string text;   // what help, version and print_config print, with a newline at the end
};

}  // namespace config
