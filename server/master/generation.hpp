// What the workers of one generation are made from. The master has one that serves and, while a reload goes
// on, one that is tried.
#pragma once

#include <cstdint>
#include <vector>

#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "master/snapshot.hpp"

namespace master {

struct Generation {
  std::uint64_t number = 0;  // 1 for the first start, one more after each reload that took
  config::Settings settings;
  std::vector<Snapshot> plugins;
  base::UniqueFd access_log;  // where the settings ask for one
};

}  // namespace master
