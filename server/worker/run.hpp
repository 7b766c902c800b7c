// What main() has a worker process do.
#pragma once

#include "base/exit_code.hpp"
#include "worker/assignment.hpp"

namespace worker {

// Boots, reports to the master, serves and ends. Gives the process's exit code, after which it must end by
// _exit(): fibers of the plugins may still be there. [worker]
base::ExitCode run(Assignment assignment);

}  // namespace worker
