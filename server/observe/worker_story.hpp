// What a worker was at, read from its slot when it hangs or is gone, as the end of a log line. Lives in the
// master, and in the worker's watchdog.
#pragma once

#include <sys/types.h>

#include <string>

#include "observe/scoreboard.hpp"

namespace observe {

// " while plugin crash ran GET /crash [123-7]; 2 more requests were in flight: slow GET /slow [123-5], ..."
// with the first eight named; " while plugin crash started" in a boot; "" where it was at nothing. [master]
std::string worker_story(const WorkerSlot& slot, pid_t pid);

// The first part of it: what had the thread. Where that overflowed its stack, this says so, and what to do.
// [master] [watchdog]
std::string running_story(const WorkerSlot& slot, pid_t pid);

// The plugin whose start runs, or "". [master]
std::string booting_plugin(const WorkerSlot& slot);

}  // namespace observe
