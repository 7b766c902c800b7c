// The text of `--print-config`. Any process.
#pragma once

#include <map>
#include <string>

#include "config/given.hpp"

namespace config {

// Each value and, as a comment, where it came from: a configuration file that means the same.
std::string print_config(const Layer& given, const std::map<std::string, PluginSettings>& plugin_settings);

}  // namespace config
