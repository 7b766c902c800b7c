// Reads options as they stand on a command line. Any process.
#pragma once

#include <string>
#include <vector>

#include "config/given.hpp"

namespace config {

// `variable` is the environment variable that the arguments are from, or "" for the command line itself.
// Throws Error for an unknown option, a value too few or too many, and whatever is not an option.
Layer parse_command_line(const std::vector<std::string>& arguments, const std::string& variable = "");

}  // namespace config
