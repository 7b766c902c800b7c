// A query on the first line and a name on the second: the value found is the one that the rules of WHATWG
// URL, section 5, give when they are followed one by one, and stays the same where other pairs stand around
// it.
#include <algorithm>
#include <optional>
#include <string>

#include "decoded.hpp"
#include "fuzz.hpp"
#include "plugin/query.hpp"

namespace {

std::optional<std::string> value_of(std::string_view query, std::string_view name) {
  for (std::size_t begin = 0; begin < query.size();) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    const std::string_view pair = query.substr(begin, end - begin);
    const std::size_t equals = pair.find('=');
    if (!pair.empty() && decoded(pair.substr(0, equals)) == name) {
      return decoded(equals == pair.npos ? "" : pair.substr(equals + 1));
    }
    begin = end + 1;
  }
  return std::nullopt;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    (out += '%') += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace

void fuzz(std::string_view input) {
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  const std::string_view query = input.substr(0, line_end);
  const std::string_view name = input.substr(std::min(line_end + 1, input.size()));
  plugin::TextStore store;
  const auto found = plugin::find_in_query(query, name, store);
  expect(found == value_of(query, name), "the value is the one by the rules");

  const std::string pair = encoded(name) + "=" + encoded(found.value_or("no value"));
  expect(name.empty() || plugin::find_in_query(pair, name, store) == found.value_or("no value"),
         "a pair that is encoded is found again");
  const std::string other = encoded(std::string(name) + "x") + "=y&";
  expect(plugin::find_in_query(other + std::string(query), name, store) == found,
         "a pair of another name in front changes nothing");
  if (!found) return;
  expect(plugin::find_in_query(std::string(query) + "&" + pair + "z", name, store) == found,
         "the first value counts");
}
