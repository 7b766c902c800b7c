// The exit codes that operators and service managers know (gunicorn's, where it has one).
#pragma once

namespace base {

enum class ExitCode : int {
  clean = 0,
  bad_config = 1,   // a bad option or configuration file, or an address that can't be bound
  worker_boot = 3,  // a worker could not boot: it crashed, or ran past the boot timeout
  plugin_load = 4,  // a plugin is missing, not a plugin, of another ABI, or failed in its start
};

}  // namespace base
