// Real threads, for plugins.
#include "plugin/plugin.hpp"
#include "plugin/tables.hpp"
#include "runtime/offload.hpp"
#include "runtime/scheduler.hpp"

namespace plugin {
namespace {

int32_t run(const appserver_host* host, void (*function)(void*), void* argument) {
  try {
    if (runtime::Scheduler::runs_here()) {
      static_cast<const Plugin*>(host)->surroundings().pools.offload.run([&] { function(argument); });
    } else {
      function(argument);
    }
    return 0;
  } catch (const runtime::NoThread& error) {
    return -error.code().value();
  } catch (...) {  // from a function that does not keep to the contract
    return -ECANCELED;
  }
}

}  // namespace

const appserver_offload_table kOffloadTable = {host_function<run>};

}  // namespace plugin
