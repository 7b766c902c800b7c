// Reads the configuration file: Boost.ProgramOptions' own format, `name = value` with `#` comments and
// `[section]`s. Any process.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

#include "config/given.hpp"

namespace config {

struct ConfigFile {
  Layer layer;
  std::map<std::string, PluginSettings> plugin_settings;  // by section
};

// Throws Error with file and line: an unknown or repeated name, a line of no such form, an unreadable file.
ConfigFile read_config_file(const std::string& file);

// The same of text that is at hand; `file` names it in errors.
ConfigFile read_config(std::istream& text, const std::string& file);

}  // namespace config
