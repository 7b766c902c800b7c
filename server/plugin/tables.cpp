#include "plugin/tables.hpp"

#include <array>

#include "plugin/plugin.hpp"

namespace plugin {

const void* find_table(std::string_view id) {
  struct Entry {
    std::string_view id;
    const void* table;
  };
  static const std::array kTables = {
      Entry{APPSERVER_PLUGIN_TABLE, &kPluginTable},     Entry{APPSERVER_WORKER_TABLE, &kWorkerTable},
      Entry{APPSERVER_LOG_TABLE, &kLogTable},           Entry{APPSERVER_REQUEST_TABLE, &kRequestTable},
      Entry{APPSERVER_RESPONSE_TABLE, &kResponseTable}, Entry{APPSERVER_FIBER_TABLE, &kFiberTable},
      Entry{APPSERVER_SOCKET_TABLE, &kSocketTable},
  };
  for (const Entry& entry : kTables) {
    if (entry.id == id) return entry.table;
  }
  return nullptr;
}

}  // namespace plugin
