#include "plugin/query.hpp"

#include <algorithm>

namespace plugin {

std::optional<std::string_view> find_in_query(std::string_view query, std::string_view name,
                                              TextStore& store) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decode_form(pair.substr(0, equals), store) != name) continue;
    return decode_form(pair.substr(std::min(pair.size(), equals + 1)), store);
  }
  return std::nullopt;
}

}  // namespace plugin
