#include "worker/run.hpp"

#include <sys/resource.h>

#include <exception>
#include <utility>

#include "base/exit_guard.hpp"
#include "base/log.hpp"
#include "worker/worker.hpp"

namespace worker {
namespace {

// Each connection is a descriptor; the soft limit is there for programs that use select(2).
void raise_descriptor_limit(const Assignment& assignment) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const auto connections = assignment.settings.worker_connections;
  if (assignment.index == 0 && limit.rlim_cur < connections) {
    base::log_warning("A worker may have ", limit.rlim_cur, " descriptors, fewer than the ", connections,
                      " of --worker-connections: raise ulimit -n, or lower the option");
  }
}

}  // namespace

base::ExitCode run(Assignment assignment) {
  raise_descriptor_limit(assignment);
  try {
    // Never destroyed: the scheduler of the thread's fibers looks into it until the process ends.
    auto& worker = *new Worker(std::move(assignment));
    base::guard_exit();
    const observe::WorkerReport report = worker.boot();
    worker.report(report);
    if (report.code != base::ExitCode::clean) return report.code;
    worker.serve();
    return base::ExitCode::clean;
  } catch (const std::exception& error) {
    base::log_critical("The worker ends: ", error.what());
    return base::ExitCode::worker_boot;
  }
}

}  // namespace worker
