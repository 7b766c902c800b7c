#include "http/request_head.hpp"

#include <algorithm>

namespace http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool same_token(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

const Field* RequestHead::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name.size() == name.size() && same_token(field.name, name)) return &field;
  }
  return nullptr;
}

void RequestHead::clear() {
  std::vector<Field> kept = std::move(fields);  // its memory serves the next request
  kept.clear();
  *this = RequestHead{};
  fields = std::move(kept);
}

}  // namespace http
