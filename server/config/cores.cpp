#include "config/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace config {
namespace {

using std::filesystem::path;

std::optional<unsigned> affinity() {
  std::array<cpu_set_t, 8> cores;  // 8192 of them: one cpu_set_t holds 1024, and the kernel refuses too few
  if (::sched_getaffinity(0, sizeof cores, cores.data()) != 0) return std::nullopt;
  return static_cast<unsigned>(CPU_COUNT_S(sizeof cores, cores.data()));
}

std::string first_line(const path& file) {
  std::string line;
  std::ifstream in(file);
  std::getline(in, line);
  return line;
}

// `quota period` in microseconds; a quota that is not a positive number ("max", -1) is none.
std::optional<double> ratio(const std::string& text) {
  double quota = 0, period = 0;
  std::istringstream in(text);
  if (!(in >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

// cgroup v2: Documentation/admin-guide/cgroup-v2.rst, "CPU Interface Files".
std::optional<double> quota_v2(const path& group) { return ratio(first_line(group / "cpu.max")); }

// cgroup v1: Documentation/scheduler/sched-bwc.rst, "Management".
std::optional<double> quota_v1(const path& group) {
  return ratio(first_line(group / "cpu.cfs_quota_us") + ' ' + first_line(group / "cpu.cfs_period_us"));
}

bool lists_cpu(const std::string& controllers) {
  return (',' + controllers + ',').find(",cpu,") != std::string::npos;
}

// The tightest quota on the way from the group up to the mount: each level limits all below it. In a
// container the path may be the host's, of which only the root is mounted; the way up ends there too.
template <typename Quota>
double tightest(const path& mount, path group, Quota quota, double limit) {
  for (group = group.relative_path();; group = group.parent_path()) {
    if (const auto found = quota(mount / group)) limit = std::min(limit, *found);
    if (group.empty()) return limit;
  }
}

}  // namespace

unsigned usable_cores(const path& root) {
  double cores = affinity().value_or(1);
  const path mounts = root / "sys/fs/cgroup";
  std::ifstream groups(root / "proc/self/cgroup");  // lines of `id:controllers:path`, cgroups(7)
  for (std::string id, controllers, group; std::getline(groups, id, ':') &&
                                           std::getline(groups, controllers, ':') &&
                                           std::getline(groups, group);) {
    if (controllers.empty()) {
      cores = tightest(mounts, group, quota_v2, cores);
    } else if (lists_cpu(controllers)) {
      cores = tightest(mounts / "cpu", group, quota_v1, cores);
    }
  }
  return std::max(1u, static_cast<unsigned>(std::ceil(cores)));
}

}  // namespace config
