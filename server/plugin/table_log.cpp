// The error log, for plugins.
#include "base/log.hpp"
#include "plugin/call.hpp"
#include "plugin/plugin.hpp"
#include "plugin/tables.hpp"

namespace plugin {
namespace {

static_assert(static_cast<int>(base::LogLevel::debug) == APPSERVER_LOG_DEBUG);
static_assert(static_cast<int>(base::LogLevel::critical) == APPSERVER_LOG_CRITICAL);

int32_t write(const appserver_host* host, int32_t level, appserver_string text) {
  if (level < APPSERVER_LOG_DEBUG || level > APPSERVER_LOG_CRITICAL) return -EINVAL;
  return guarded([&] {
    const auto log_level = static_cast<base::LogLevel>(level);
    const std::string& name = static_cast<const Plugin*>(host)->name();
    if (!base::logs(log_level)) return 0;
    if (Call* const call = Call::current()) {
      base::log(log_level, name, ": ", call->description(), ": ", view(text));
    } else {
      base::log(log_level, name, ": ", view(text));
    }
    return 0;
  });
}

}  // namespace

const appserver_log_table kLogTable = {host_function<write>};

}  // namespace plugin
