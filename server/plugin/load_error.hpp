// Why a plugin could not be loaded: one line that names the file, and the plugin where it has a name.
#pragma once

#include <stdexcept>

namespace plugin {

struct LoadError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace plugin
