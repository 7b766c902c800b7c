#include "worker/run.hpp"

#include <sys/resource.h>

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "worker/worker.hpp"

namespace worker {
namespace {

// Each connection is a descriptor; the soft limit is there for programs that use select(2).
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

base::ExitCode run(Assignment assignment) {
  raise_descriptor_limit();
  try {
    // Never destroyed: the scheduler of the thread's fibers looks into it until the process ends.
    auto& worker = *new Worker(std::move(assignment));
    const observe::BootReport report = worker.boot();
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
