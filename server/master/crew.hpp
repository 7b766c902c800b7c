// The workers at work: starts them, hears of their boot, reaps them, sees to it that none overstays, and
// tells the master what it must know. The crew knows of single processes; which ones there should be is the
// master's to decide. Owned by the master.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/exit_code.hpp"
#include "config/settings.hpp"
#include "master/generation.hpp"
#include "master/worker_table.hpp"
#include "observe/scoreboard.hpp"

namespace master {

// What befell a worker that booted or served without having been told to go.
struct Happening {
  enum class Kind { ready, boot_failed, lost, asks_replacement };

  Kind kind;
  WorkerProcess::Identity worker;
  base::ExitCode code = base::ExitCode::clean;  // boot_failed
  std::string reason{};                         // boot_failed: why, in one line
  base::Duration served{};                      // lost, asks_replacement
};
using Happenings = std::vector<Happening>;

class Crew {
 public:
  // What a new process does instead of being the master; its result is the exit code.
  using Become = std::function<int(unsigned index, const Generation&, base::UniqueFd channel,
                                   observe::WorkerSlot& slot)>;

  // Throws std::system_error. [master]
  explicit Crew(Become become);

  const WorkerTable& table() const { return table_; }

  // Forks a worker. False: there is no slot for it until another worker is reaped. Throws std::system_error
  // where the system has no process or descriptor left. [master]
  bool start(unsigned index, const Generation& generation, base::TimePoint now);

  // The descriptors on which reports are awaited. [master]
  std::vector<int> awaited_channels() const;

  // Each of these logs what it finds and adds to `told` what the master must act on. [master]
  void hear_reports(base::TimePoint now, Happenings& told);
  void reap(base::TimePoint now, Happenings& told);
  void meet_deadlines(base::TimePoint now, Happenings& told);
  void check_pulses(base::TimePoint now, config::Milliseconds timeout, Happenings& told);

  // The next time at which meet_deadlines() or check_pulses() has something to do; base::kNever if never.
  base::TimePoint next_deadline() const;

  // Lets workers for which `chosen` holds go while others serve on: one that serves drains for its
  // graceful timeout at most; one that still boots, and so has no clients, is killed. [master]
  void retire(const std::function<bool(const WorkerProcess&)>& chosen, base::TimePoint now);

  // Has all tell balancers, from now on, that the server is about to stop: those that start later too.
  // [master]
  void fail_readiness();

  // Makes all drain, as the server stops; the rest as retire() does. [master]
  void drain_all(base::TimePoint now);

  // Makes all end at once. [master]
  void end_all(base::TimePoint kill_at);

 private:
  void hear(WorkerProcess& worker, base::TimePoint now, Happenings& told);
  void hear_boot(WorkerProcess& worker, const observe::WorkerReport& report, base::TimePoint now,
                 Happenings& told);
  void bury(WorkerProcess& worker, int wait_status, base::TimePoint now, Happenings& told);
  void give_up_on_boot(WorkerProcess& worker, Happenings& told);
  std::string story(const WorkerProcess& worker);

  const Become become_;

  WorkerTable table_;
  observe::Scoreboard scoreboard_;
  base::TimePoint next_pulse_check_ = base::kNever;
  bool ready_ = true;  // as balancers are told
};

}  // namespace master
