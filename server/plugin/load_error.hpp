// Why a plugin could not be loaded: one line that names the file, and the plugin where it has a name.
#pragma once

#include <stdexcept>
#include <string>

#include "base/exit_code.hpp"

namespace plugin {

struct LoadError : std::runtime_error {
  explicit LoadError(const std::string& text, base::ExitCode exit_code = base::ExitCode::plugin_load)
      : std::runtime_error(text), code(exit_code) {}

  base::ExitCode code;  // bad_config where the fault is the configuration file's
};

}  // namespace plugin
