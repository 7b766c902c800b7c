// Splits a line into words as a shell does: for APPSERVER_CMD_ARGS. Any process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace config {

// Quotes and backslashes as in POSIX.1-2017, Shell Command Language, section 2.2; nothing is expanded.
// Throws std::invalid_argument where a quote is not closed or nothing follows a backslash.
std::vector<std::string> shell_words(std::string_view line);

}  // namespace config
