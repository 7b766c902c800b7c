#include "config/cores.hpp"

#include <sched.h>

#include "catch.hpp"
#include "temporary_folder.hpp"

using config::usable_cores;

namespace {

unsigned affinity() {
  cpu_set_t cores;
  REQUIRE(::sched_getaffinity(0, sizeof cores, &cores) == 0);
  return static_cast<unsigned>(CPU_COUNT(&cores));
}

// A machine whose cgroup files say what a test writes into them.
struct Machine {
  TemporaryFolder root;

  void in_group(const std::string& line) { root.write("proc/self/cgroup", line); }
  void quota_v2(const std::string& group, const std::string& text) {
    root.write("sys/fs/cgroup/" + group + "/cpu.max", text);
  }
  void quota_v1(const std::string& group, const std::string& quota, const std::string& period) {
    root.write("sys/fs/cgroup/cpu/" + group + "/cpu.cfs_quota_us", quota);
    root.write("sys/fs/cgroup/cpu/" + group + "/cpu.cfs_period_us", period);
  }
  unsigned cores() { return usable_cores(root / ""); }
};

}  // namespace

TEST_CASE("without a quota the cores are those that the process may run on") {
  Machine machine;
  CHECK(machine.cores() == affinity());
  machine.in_group("0::/app\n");
  machine.quota_v2("app", "max 100000\n");
  CHECK(machine.cores() == affinity());
}

TEST_CASE("a process bound to one core has one") {
  cpu_set_t all, one;
  REQUIRE(::sched_getaffinity(0, sizeof all, &all) == 0);
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(Machine().cores() == 1);
  ::sched_setaffinity(0, sizeof all, &all);
}

TEST_CASE("a quota of part of a core is one core, and never less") {
  Machine machine;
  machine.in_group("0::/app\n");
  machine.quota_v2("app", "1000 100000\n");
  CHECK(machine.cores() == 1);
}

TEST_CASE("a quota of one and a half cores is two, where there are two") {
  Machine machine;
  machine.in_group("0::/app\n");
  machine.quota_v2("app", "150000 100000\n");
  CHECK(machine.cores() == std::min(2u, affinity()));
}

TEST_CASE("a quota higher up in the tree counts") {
  Machine machine;
  machine.in_group("0::/system.slice/app.service\n");
  machine.quota_v2("system.slice/app.service", "max 100000\n");
  machine.quota_v2("system.slice", "100000 100000\n");
  CHECK(machine.cores() == 1);
}

TEST_CASE("in a container the quota is that of the mounted root") {
  Machine machine;
  machine.in_group("0::/docker/0123456789ab\n");
  machine.quota_v2("", "100000 100000\n");
  CHECK(machine.cores() == 1);
}

TEST_CASE("the quota of the older cgroups counts") {
  Machine machine;
  machine.in_group("5:cpuset:/other\n4:cpu,cpuacct:/app\n1:name=systemd:/a:b\n");
  machine.quota_v1("app", "-1\n", "100000\n");
  CHECK(machine.cores() == affinity());
  machine.quota_v1("app", "100000\n", "100000\n");
  CHECK(machine.cores() == 1);
}
