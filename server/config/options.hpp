// The table of options: one row for each, from which parsing, --help, --print-config and the suggestions for
// misspelt names are all made. To add an option is to add a member to Settings and a row here. Any process.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/invocation.hpp"
#include "config/settings.hpp"

namespace config {

struct Option {
  // Reads a value into the settings. Throws std::invalid_argument as values.hpp says.
  using Set = void (*)(Settings& settings, std::string_view value);

  std::string_view group;     // the title that it stands under in --help
  std::string_view name;      // behind `--` on the command line, and in the file
  std::string_view letter;    // behind `-`; "" if there is none
  std::string_view value;     // what it takes, as --help names it; "" if nothing
  std::string_view fallback;  // the default, as one would write it; "" if there is none
  std::string_view help;
  Set set = nullptr;               // nullptr: not a setting, so the file can't have it
  bool list = false;               // each one given counts, not the last alone
  Action action = Action::serve;   // what it asks for instead of serving
  std::string_view spelling = {};  // another name that is accepted
};

std::span<const Option> options();

// By its name or its other spelling; nullptr if there is none.
const Option* find_option(std::string_view name);

// `; did you mean --workers?`, with `dashes` before the name, or "" if no option's name is near.
std::string did_you_mean(std::string_view name, std::string_view dashes);

}  // namespace config
