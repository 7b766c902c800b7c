// The text of `--help`. Any process.
#pragma once

#include <string>

namespace config {

// The table of options by group, in 80 columns.
std::string help();

}  // namespace config
