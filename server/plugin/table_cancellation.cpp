// Whether a request is still wanted, for plugins.
#include "plugin/call.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

int32_t cause(const appserver_exchange* exchange) { return static_cast<int32_t>(Call::of(exchange).cause()); }

}  // namespace

const appserver_cancellation_table kCancellationTable = {cause};

}  // namespace plugin
