#include "config/shell_words.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

namespace config {

std::vector<std::string> shell_words(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\n";
  constexpr std::string_view kEscapableInDoubleQuotes = "$`\"\\";
  std::vector<std::string> words;
  std::optional<std::string> word;  // "" too: `''` is a word
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && kBlanks.find(c) != kBlanks.npos) {
      if (word) words.push_back(*std::exchange(word, std::nullopt));
      continue;
    }
    if (c == '\\' && quote != '\'' && line.substr(i + 1).starts_with('\n')) {
      ++i;  // a line that goes on
      continue;
    }
    if (!word) word.emplace();
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (i + 1 == line.size()) throw std::invalid_argument("nothing follows the last backslash");
      const char next = line[++i];
      if (quote == '"' && kEscapableInDoubleQuotes.find(next) == std::string_view::npos) *word += c;
      *word += next;
    } else {
      *word += c;
    }
  }
  if (quote != 0) throw std::invalid_argument(std::string("a ") + quote + " is not closed");
  if (word) words.push_back(*word);
  return words;
}

}  // namespace config
