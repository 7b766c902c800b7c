#include "http/request_head.hpp"

#include "http/token.hpp"

namespace http {

const Field* RequestHead::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name.size() == name.size() && same_token(field.name, name)) return &field;
  }
  return nullptr;
}

}  // namespace http
