// Who asks, for handlers.
#include "plugin/call.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

int32_t address(appserver_exchange* exchange, appserver_string* text, uint16_t* port) {
  return guarded([&] {
    const http::Client& client = Call::of(exchange).exchange().client();
    if (client.address().empty()) return 0;
    *text = borrowed(client.address());
    *port = client.port();
    return 1;
  });
}

int32_t origin(appserver_exchange* exchange, appserver_string* scheme, appserver_string* host) {
  return guarded([&] {
    const http::Client& client = Call::of(exchange).exchange().client();
    *scheme = borrowed(client.scheme());
    *host = borrowed(client.host());
    return client.host().empty() ? 0 : 1;
  });
}

}  // namespace

const appserver_client_table kClientTable = {host_function<address>, host_function<origin>};

}  // namespace plugin
