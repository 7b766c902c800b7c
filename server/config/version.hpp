// Which appserver this is. Any process.
#pragma once

#include <string_view>

namespace config {

// The project's version, such as "0.1.0".
std::string_view version();

}  // namespace config
