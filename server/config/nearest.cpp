#include "config/nearest.hpp"

#include <algorithm>
#include <utility>

namespace config {
namespace {

// Levenshtein's distance, with two swapped letters as one error: "optimal string alignment".
std::size_t typing_errors(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, previous);
    std::swap(previous, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  const std::size_t farthest = std::max<std::size_t>(1, word.size() / 3);
  std::string_view best;
  std::size_t least = farthest + 1;
  for (const std::string_view candidate : known) {
    std::size_t errors = typing_errors(word, candidate);
    // An abbreviation is far in letters and near in mind, but stands behind a word that is near in both.
    if (word.size() > 2 && candidate.starts_with(word)) errors = std::min(errors, farthest);
    if (errors < least) {
      least = errors;
      best = candidate;
    }
  }
  return best;
}

}  // namespace config
