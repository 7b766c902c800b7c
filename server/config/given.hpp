// A value that one of the sources gives to an option, with what a message needs to name it. Any process.
#pragma once

#include <string>
#include <vector>

#include "config/options.hpp"

namespace config {

struct Given {
  const Option* option;
  std::string value;
  std::string named;   // for errors: `--workers`, `app.conf:3: workers`, `WEB_CONCURRENCY`
  std::string source;  // for --print-config: `command line`, `file app.conf:3`
};

// What one source gives, in its order.
using Layer = std::vector<Given>;

// Reads it into the settings. Throws Error that names it, its value and the right ones.
void apply(const Given& given, Settings& settings);

// What counts of the layers, weakest first: an option has its values from the strongest layer that names it,
// the last of them alone if it is not a list. In the order of the table.
Layer strongest(const std::vector<Layer>& layers);

}  // namespace config
