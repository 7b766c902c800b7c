// What a new worker process is given, and the functions by which main() gives the master a worker's life and
// the operator's wishes. Only these cross between the master and what it supervises.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "master/snapshot.hpp"
#include "net/listener.hpp"
#include "observe/scoreboard.hpp"

namespace master {

// References and spans live as long as the worker process.
struct Seat {
  unsigned index;
  std::uint64_t generation;
  const config::Settings& settings;
  std::span<const Snapshot> plugins;     // in the order of settings.plugins
  std::vector<net::Listener> listeners;  // in the order of settings.binds
  int access_log;                        // open for as long as the process lives; -1: none
  base::UniqueFd channel;                // the worker's end of it: see WorkerMain
  observe::WorkerSlot& slot;
};

// Runs in the new process and returns its exit code. The worker
//  - reports over the channel how its boot went (observe/worker_report.hpp), and serves if it is ready;
//  - does what orders come over the channel;
//  - may report that it should be replaced: it serves until another does, and is then told to retire;
//  - drains when TERM comes: the server stops, and a client that is silent need not be waited for;
//  - ends at once when QUIT comes;
//  - finds the channel at its end when the master is gone.
// TERM, QUIT, INT, HUP, TTIN, TTOU, USR1, USR2 and CHLD arrive blocked: TERM and QUIT are for a signalfd of
// the worker's own, and the rest, which a terminal sends to the whole process group, never reach it. PIPE is
// ignored. [worker]
using WorkerMain = std::function<int(Seat)>;

// Reads the configuration again. Throws std::exception with a one-line message. [master]
using ReadSettings = std::function<config::Settings()>;

}  // namespace master
