// Fields whose values are lists: elements with commas between them, of which empty ones count for nothing
// (RFC 9110 section 5.6.1). A comma within quotes divides as well: no value that is known here is quoted.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/trimmed.hpp"
#include "http/request_head.hpp"
#include "http/token.hpp"

namespace http {

// Takes what stands before the first `mark` off `rest`, and the mark; all of it where there is none.
inline std::string_view take_before(std::string_view& rest, char mark) {
  const std::string_view taken = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(taken.size() + 1, rest.size()));
  return base::trimmed(taken);
}

// Calls `each` for every element.
template <typename Each>
void for_each_element(std::string_view list, Each&& each) {
  while (!list.empty()) {
    if (const std::string_view element = take_before(list, ','); !element.empty()) each(element);
  }
}

// Those of every field `name`, which are one list together (section 5.3).
template <typename Each>
void for_each_element(const RequestHead& head, std::string_view name, Each&& each) {
  for (const Field& field : head.fields) {
    if (same_token(field.name, name)) for_each_element(field.value, each);
  }
}

}  // namespace http
