// What the client gets, for handlers.
#include "plugin/call.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

http::ResponseWriter& response_of(appserver_exchange* exchange) {
  return Call::of(exchange).exchange().response;
}

// abi.h has the usual word for what std::errc spells connection_already_in_progress.
static_assert(static_cast<int>(std::errc::connection_already_in_progress) == EALREADY);

int32_t set_status(appserver_exchange* exchange, int32_t status) {
  return result_of(response_of(exchange).set_status(status));
}

int32_t add_header(appserver_exchange* exchange, appserver_string name, appserver_string value) {
  return guarded([&] { return result_of(response_of(exchange).add_field(view(name), view(value))); });
}

int32_t send(appserver_exchange* exchange, appserver_string body) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] { return result_of(response_of(exchange).send(view(body))); });
}

int32_t write(appserver_exchange* exchange, appserver_string piece) {
  if (!may_suspend()) return -EPERM;
  return guarded([&] { return result_of(response_of(exchange).write(view(piece))); });
}

void fail(appserver_exchange* exchange, appserver_string reason) {
  guarded([&] {
    Call::of(exchange).fail(view(reason));
    return 0;
  });
}

}  // namespace

const appserver_response_table kResponseTable = {host_function<set_status>, host_function<add_header>,
                                                 host_function<send>, host_function<write>,
                                                 host_function<fail>};

}  // namespace plugin
