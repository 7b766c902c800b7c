// Where the plugin files are: what `--plugin [/PREFIX=]FILE` means. Any process.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace config {

// Takes the argument apart; `file` is as it was given. Throws std::invalid_argument as values.hpp says.
PluginFile parse_plugin(std::string_view given);

// Where a bare name is looked for, in this order: the folders of APPSERVER_PLUGIN_PATH, the working folder,
// and the folder of the plugins that came with the binary, as installed or, in a build, beside bin/.
std::vector<std::string> plugin_folders(const std::map<std::string, std::string>& environment,
                                        const std::string& executable);

// The absolute path of a plugin file. A name with a slash is a path; a bare one is looked for in `folders`,
// with `.so` added if it has none. Throws Error with plugin_load that says where it was looked for.
std::string find_plugin(const std::string& file, const std::vector<std::string>& folders);

}  // namespace config
