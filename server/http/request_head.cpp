#include "http/request_head.hpp"

#include <utility>

#include "http/token.hpp"

namespace http {

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
