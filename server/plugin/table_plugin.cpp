// What a plugin says of itself while it starts, and where it runs.
#include "plugin/plugin.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

// A plugin hands its host back; only const keeps it from changing what it sees.
Plugin& plugin_of(const appserver_host* host) {
  return const_cast<Plugin&>(static_cast<const Plugin&>(*host));
}

int32_t set_name(const appserver_host* host, appserver_string name) {
  return guarded([&] { return plugin_of(host).set_name(view(name)); });
}

int32_t add_route(const appserver_host* host, appserver_string method, appserver_string pattern,
                  appserver_handler handler, void* context) {
  return guarded([&] { return plugin_of(host).add_route(view(method), view(pattern), handler, context); });
}

int32_t add_route_with_options(const appserver_host* host, const appserver_route* route) {
  return guarded([&] { return plugin_of(host).add_route(*route); });
}

int32_t setting(const appserver_host* host, appserver_string key, appserver_string* value) {
  return guarded([&] {
    std::string_view found;
    const std::int32_t result = plugin_of(host).setting(view(key), found);
    if (result == 1) *value = borrowed(found);
    return result;
  });
}

void fail(const appserver_host* host, appserver_string reason) {
  guarded([&] {
    plugin_of(host).fail(view(reason));
    return 0;
  });
}

uint32_t worker_index(const appserver_host* host) { return plugin_of(host).surroundings().worker_index; }
uint64_t generation(const appserver_host* host) { return plugin_of(host).surroundings().generation; }

}  // namespace

const appserver_plugin_table kPluginTable = {host_function<set_name>, host_function<add_route>,
                                             host_function<setting>, host_function<fail>};
const appserver_route_table kRouteTable = {host_function<add_route_with_options>};
const appserver_worker_table kWorkerTable = {worker_index, generation};

}  // namespace plugin
