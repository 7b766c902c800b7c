// Waiting without holding up the worker, for plugins.
#include "plugin/tables.hpp"
#include "runtime/parking.hpp"

namespace plugin {
namespace {

int32_t sleep(int64_t nanoseconds) {
  if (!may_suspend()) return -EPERM;
  if (nanoseconds <= 0) return 0;
  const auto wake = runtime::sleep_until(runtime::deadline_after(std::chrono::nanoseconds(nanoseconds)));
  return wake == runtime::Wake::cancelled ? -ECANCELED : 0;
}

}  // namespace

const appserver_fiber_table kFiberTable = {host_function<sleep>};

}  // namespace plugin
