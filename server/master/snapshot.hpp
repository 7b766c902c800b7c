// A plugin's file as it was when its generation began: a sealed copy in memory (memfd_create(2)), so that
// nothing that happens to the file afterwards can reach a running worker. An overwrite in place would
// truncate the pages that a worker has mapped, and dlopen of a path that is loaded hands back the old code.
// Made and owned by the master; workers inherit it.
#pragma once

#include <vector>

#include "base/unique_fd.hpp"
#include "config/settings.hpp"

namespace master {

struct Snapshot {
  config::PluginFile source;
  base::UniqueFd image;
};

// Throws std::runtime_error that says which file and why, for anything but a regular file that can be read to
// its end and stays as it is meanwhile. [master]
Snapshot take_snapshot(const config::PluginFile& source);
std::vector<Snapshot> take_snapshots(const std::vector<config::PluginFile>& sources);

}  // namespace master
