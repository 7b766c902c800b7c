#include "http/request_head.hpp"

#include "http/token.hpp"

namespace http {

const Field* RequestHead::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name.size() == name.size() && same_token(field.name, name)) return &field;
  }
  return nullptr;
}

// Member by member: an empty head to copy from would have to be made each time, with room for its fields.
void RequestHead::clear() {
  method = target = path = query = authority = {};
  minor_version = 1;
  fields.clear();
  chunked = false;
  content_length.reset();
  keep_alive = true;
  expects_continue = false;
  later_version.clear();
}

}  // namespace http
