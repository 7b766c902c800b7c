// What a worker is given to do: the master's words, in the worker's terms. Lives as long as the worker.
#pragma once

#include <cstdint>
#include <vector>

#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "net/listener.hpp"
#include "observe/scoreboard.hpp"
#include "plugin/plugin.hpp"

namespace worker {

struct Assignment {
  unsigned index;
  std::uint64_t generation;
  const config::Settings& settings;
  std::vector<plugin::Origin> plugins;
  std::vector<net::Listener> listeners;  // closed in a drain
  int access_log;                        // as observe::open_access_log() gives it; -1: none
  base::UniqueFd channel;                // to the master
  observe::WorkerSlot& slot;
};

}  // namespace worker
