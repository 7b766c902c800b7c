// The worker processes that there are, of all generations, until each is reaped; and what the master asks of
// them as a whole. Owned by the crew.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>

#include "master/worker_process.hpp"

namespace master {

class WorkerTable {
 public:
  void add(WorkerProcess::Identity identity, base::UniqueFd channel, const config::Settings& settings,
           base::TimePoint now);
  void remove(pid_t pid);
  void clear() { workers_.clear(); }
  WorkerProcess* find(pid_t pid);

  auto begin() { return workers_.begin(); }
  auto end() { return workers_.end(); }
  auto begin() const { return workers_.begin(); }
  auto end() const { return workers_.end(); }
  bool empty() const { return workers_.empty(); }

  // A slot below `count` that no process sits in.
  std::optional<std::size_t> free_slot(std::size_t count) const;

  // Whether one of this generation serves at this index; boots at any.
  bool serves(unsigned index, std::uint64_t generation) const;
  bool boots(std::uint64_t generation) const;

  // The same of one that has not asked to be replaced: whether it serves, or boots so far.
  bool stays(unsigned index, std::uint64_t generation) const;
  bool holds(unsigned index, std::uint64_t generation) const;

  // Whether one serves or drains: its loop is expected to turn.
  bool any_has_pulse() const;

  // Whether one that is to make room for this generation's serves at this index: an earlier one's, or one
  // that has asked to be replaced. Whether one of an earlier generation may take a new connection at any.
  bool serves_until(unsigned index, std::uint64_t generation) const;
  bool accepts_before(std::uint64_t generation) const;

 private:
  std::list<WorkerProcess> workers_;
};

}  // namespace master
