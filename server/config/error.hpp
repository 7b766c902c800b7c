// Why there is no configuration to serve with. Any process.
#pragma once

#include <stdexcept>
#include <string>

#include "base/exit_code.hpp"

namespace config {

// One line: what is wrong, where (option, file and line, environment variable), and what to do.
struct Error : std::runtime_error {
  explicit Error(const std::string& text, base::ExitCode exit_code = base::ExitCode::bad_config)
      : std::runtime_error(text), code(exit_code) {}

  base::ExitCode code;
};

}  // namespace config
