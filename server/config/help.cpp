#include "config/help.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"

namespace config {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kHelpColumn = 33;

constexpr std::string_view kUsage =
    "Usage: appserver --plugin FILE [OPTION]...\n"
    "Serve HTTP with handlers from shared libraries. Defaults stand in [brackets].\n";

constexpr std::string_view kEnding =
    "\n"
    "TIME is a number with ms, s, m or h, and seconds without; SIZE is a number of\n"
    "bytes, or with K, M or G. Options are read from the file, from the environment\n"
    "variable APPSERVER_CMD_ARGS and from the command line; the last one counts.\n"
    "\n"
    "Examples:\n"
    "  appserver --plugin slow.so --workers 4\n"
    "  appserver --plugin hello.so --plugin /api=./api.so --bind unix:/run/app.sock\n";

std::string left_side(const Option& option) {
  std::string text = option.letter.empty() ? "      --" : "  -" + std::string(option.letter) + ", --";
  text += option.name;
  if (!option.value.empty()) text += ' ' + std::string(option.value);
  return text;
}

// In words between which a line may end: a default is one.
std::vector<std::string> right_side(const Option& option) {
  std::vector<std::string> all;
  std::istringstream words{std::string(option.help)};
  for (std::string word; words >> word;) all.push_back(word);
  if (!option.fallback.empty()) all.push_back('[' + std::string(option.fallback) + ']');
  return all;
}

// Both sides beside each other, the right one broken between words; below the left one where that is long.
std::string row(const Option& option) {
  std::string text, line = left_side(option);
  const auto end_line = [&] {
    text += line + '\n';
    line.clear();
  };
  if (line.size() + 2 > kHelpColumn) end_line();
  line.resize(kHelpColumn, ' ');
  for (const std::string& word : right_side(option)) {
    if (line.size() + word.size() > kWidth) {
      line.erase(line.find_last_not_of(' ') + 1);
      end_line();
      line.resize(std::min(kHelpColumn, kWidth - word.size()), ' ');
    }
    line += word + ' ';
  }
  line.pop_back();
  end_line();
  return text;
}

}  // namespace

std::string help() {
  std::string text(kUsage);
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group) text += '\n' + std::string(option.group) + ":\n";
    group = option.group;
    text += row(option);
  }
  return text + std::string(kEnding);
}

}  // namespace config
