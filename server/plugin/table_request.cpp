// What the client asked, for handlers.
#include <new>

#include "plugin/call.hpp"
#include "plugin/query.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

const http::RequestHead& head_of(const appserver_exchange* exchange) {
  return Call::of(exchange).exchange().head;
}

int32_t give(const std::string_view* found, appserver_string* value) {
  if (!found) return 0;
  *value = borrowed(*found);
  return 1;
}

appserver_string method(const appserver_exchange* exchange) { return borrowed(head_of(exchange).method); }
appserver_string path(const appserver_exchange* exchange) { return borrowed(head_of(exchange).path); }
appserver_string query(const appserver_exchange* exchange) { return borrowed(head_of(exchange).query); }

int32_t query_value(appserver_exchange* exchange, appserver_string name, appserver_string* value) {
  return guarded([&] {
    Call& call = Call::of(exchange);
    const auto found = find_in_query(call.exchange().head.query, view(name), call.store());
    return give(found ? &*found : nullptr, value);
  });
}

int32_t parameter(appserver_exchange* exchange, appserver_string name, appserver_string* value) {
  return give(Call::of(exchange).parameter(view(name)), value);
}

int32_t header(const appserver_exchange* exchange, appserver_string name, appserver_string* value) {
  const http::Field* const field = head_of(exchange).find(view(name));
  return give(field ? &field->value : nullptr, value);
}

size_t header_count(const appserver_exchange* exchange) { return head_of(exchange).fields.size(); }

int32_t header_at(const appserver_exchange* exchange, size_t index, appserver_string* name,
                  appserver_string* value) {
  const auto& fields = head_of(exchange).fields;
  if (index >= fields.size()) return -ERANGE;
  *name = borrowed(fields[index].name);
  *value = borrowed(fields[index].value);
  return 0;
}

int64_t body_length(const appserver_exchange* exchange) {
  return Call::of(exchange).exchange().body.length();
}

int64_t body_read(appserver_exchange* exchange, void* data, size_t size) {
  if (!may_suspend()) return -EPERM;
  return guarded([&]() -> std::int64_t {
    const auto result = Call::of(exchange).exchange().body.read({static_cast<char*>(data), size});
    return result.error ? result_of(result.error) : static_cast<std::int64_t>(result.size);
  });
}

int32_t body_whole(appserver_exchange* exchange, appserver_string* body) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] {
    std::string_view whole;
    const std::int32_t result = result_of(Call::of(exchange).whole_body(whole));
    if (result == 0) *body = borrowed(whole);
    return result;
  });
}

appserver_string id(appserver_exchange* exchange) {
  try {
    return borrowed(Call::of(exchange).id());
  } catch (const std::bad_alloc&) {  // it has no way to fail, and the request can do without
    return borrowed("-");
  }
}

}  // namespace

const appserver_request_table kRequestTable = {
    host_function<method>,       host_function<path>,       host_function<query>,
    host_function<query_value>,  host_function<parameter>,  host_function<header>,
    host_function<header_count>, host_function<header_at>,  host_function<body_length>,
    host_function<body_read>,    host_function<body_whole>, host_function<id>};

}  // namespace plugin
