#include "plugin/tables.hpp"

#include <array>
#include <new>

#include "base/log.hpp"
#include "plugin/plugin.hpp"
#include "runtime/scheduler.hpp"

namespace plugin {

const void* find_table(std::string_view id) {
  struct Entry {
    std::string_view id;
    const void* table;
  };
  static const std::array kTables = {
      Entry{APPSERVER_PLUGIN_TABLE, &kPluginTable},
      Entry{APPSERVER_WORKER_TABLE, &kWorkerTable},
      Entry{APPSERVER_LOG_TABLE, &kLogTable},
      Entry{APPSERVER_REQUEST_TABLE, &kRequestTable},
      Entry{APPSERVER_RESPONSE_TABLE, &kResponseTable},
      Entry{APPSERVER_FIBER_TABLE, &kFiberTable},
      Entry{APPSERVER_SOCKET_TABLE, &kSocketTable},
      Entry{APPSERVER_OFFLOAD_TABLE, &kOffloadTable},
      Entry{APPSERVER_ROUTE_TABLE, &kRouteTable},
      Entry{APPSERVER_CANCELLATION_TABLE, &kCancellationTable},
      Entry{APPSERVER_RESPONSE_BODY_TABLE, &kResponseBodyTable},
      Entry{APPSERVER_TRAILERS_TABLE, &kTrailersTable},
      Entry{APPSERVER_CLIENT_TABLE, &kClientTable},
  };
  for (const Entry& entry : kTables) {
    if (entry.id == id) return entry.table;
  }
  return nullptr;
}

bool may_suspend() noexcept {
  if (runtime::Scheduler::runs_here()) return true;
  try {
    base::log_error(
        "a plugin called a function of the server that may suspend on a thread other than the worker's, "
        "as in offload(): it fails, with EPERM");
  } catch (const std::bad_alloc&) {  // then the plugin alone is told
  }
  return false;
}

}  // namespace plugin
