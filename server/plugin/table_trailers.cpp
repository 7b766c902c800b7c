// The fields behind a chunked body, for handlers.
#include <algorithm>

#include "http/token.hpp"
#include "plugin/call.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

const http::BodyReader& body_of(const appserver_exchange* exchange) {
  return Call::of(exchange).exchange().body;
}

int64_t count(const appserver_exchange* exchange) {
  if (!body_of(exchange).at_end()) return -EAGAIN;
  return static_cast<int64_t>(body_of(exchange).trailers().size());
}

int32_t at(const appserver_exchange* exchange, size_t index, appserver_string* name,
           appserver_string* value) {
  if (!body_of(exchange).at_end()) return -EAGAIN;
  const auto trailers = body_of(exchange).trailers();
  if (index >= trailers.size()) return -ERANGE;
  *name = borrowed(trailers[index].name);
  *value = borrowed(trailers[index].value);
  return 0;
}

int32_t find(const appserver_exchange* exchange, appserver_string name, appserver_string* value) {
  if (!body_of(exchange).at_end()) return -EAGAIN;
  const auto trailers = body_of(exchange).trailers();
  const auto found = std::ranges::find_if(
      trailers, [&](const http::Field& field) { return http::same_token(field.name, view(name)); });
  if (found == trailers.end()) return 0;
  *value = borrowed(found->value);
  return 1;
}

}  // namespace

const appserver_trailers_table kTrailersTable = {host_function<count>, host_function<at>,
                                                 host_function<find>};

}  // namespace plugin
