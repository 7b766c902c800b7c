#include "master/worker_table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace master {
namespace {

using State = WorkerProcess::State;

bool sits(const WorkerProcess& worker, unsigned index, std::uint64_t generation) {
  return worker.id().index == index && worker.id().generation == generation;
}

}  // namespace

void WorkerTable::add(WorkerProcess::Identity identity, base::UniqueFd channel,
                      const config::Settings& settings, base::TimePoint now) {
  workers_.emplace_back(identity, std::move(channel), settings, now);
}

void WorkerTable::remove(pid_t pid) {
  workers_.remove_if([=](const WorkerProcess& worker) { return worker.id().pid == pid; });
}

WorkerProcess* WorkerTable::find(pid_t pid) {
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [=](const WorkerProcess& worker) { return worker.id().pid == pid; });
  return found == workers_.end() ? nullptr : &*found;
}

std::optional<std::size_t> WorkerTable::free_slot(std::size_t count) const {
  std::vector<bool> taken(count);
  for (const WorkerProcess& worker : workers_) taken[worker.id().slot] = true;
  const auto free = std::find(taken.begin(), taken.end(), false);
  if (free == taken.end()) return std::nullopt;
  return static_cast<std::size_t>(free - taken.begin());
}

bool WorkerTable::holds(unsigned index, std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.holds_index() && !worker.outgoing() && sits(worker, index, generation);
  });
}

bool WorkerTable::serves(unsigned index, std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.state() == State::serving && sits(worker, index, generation);
  });
}

bool WorkerTable::stays(unsigned index, std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.state() == State::serving && !worker.outgoing() && sits(worker, index, generation);
  });
}

bool WorkerTable::boots(std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.state() == State::booting && worker.id().generation == generation;
  });
}

bool WorkerTable::any_has_pulse() const {
  return std::any_of(workers_.begin(), workers_.end(), [](const WorkerProcess& worker) {
    return worker.state() == State::serving || worker.state() == State::draining;
  });
}

bool WorkerTable::accepts_before(std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.accepts() && worker.id().generation < generation;
  });
}

bool WorkerTable::serves_until(unsigned index, std::uint64_t generation) const {
  return std::any_of(workers_.begin(), workers_.end(), [=](const WorkerProcess& worker) {
    return worker.state() == State::serving && worker.id().index == index &&
           (worker.id().generation < generation || worker.outgoing());
  });
}

}  // namespace master
