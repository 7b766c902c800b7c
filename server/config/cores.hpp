// How many cores this process may use: what `--workers auto` is made of. Any process.
#pragma once

#include <filesystem>

namespace config {

// The cores of the process's affinity mask, or what its cgroups' CPU quotas amount to where that is less;
// a part of a core counts as one. At least 1. `root` is where /proc and /sys/fs/cgroup are looked for.
unsigned usable_cores(const std::filesystem::path& root = "/");

}  // namespace config
