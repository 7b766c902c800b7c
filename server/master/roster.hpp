// Which workers there should be: how many, of which generation, and when the next may start. It compares that
// with the crew there is and starts and retires until both agree; a reload is nothing but a change of what
// should be. Owned by the master.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/exit_code.hpp"
#include "master/backoff.hpp"
#include "master/crew.hpp"
#include "master/generation.hpp"
#include "master/listeners.hpp"
#include "master/seat.hpp"

namespace master {

class Roster {
 public:
  static constexpr unsigned kMostWorkers = 256;  // that more() goes up to

  Roster(Crew& crew, Listeners& listeners, ReadSettings read_settings, config::Settings settings);

  // What serves, or is to serve first.
  const Generation& current() const { return current_; }

  // Opens the access log, and reads the plugins, of the first generation. Throw std::runtime_error. [master]
  void open_first_log();
  void load_first();

  // What the operator asks for. A reload that is asked for while one is under way follows it. [master]
  void ask_reload() { reload_asked_ = true; }
  void one_more();
  void one_fewer();

  // Takes in what befell a worker. Not clean: the first start has failed, and the server has to end with
  // that code. [master]
  base::ExitCode act_on(const Happening& happening, base::TimePoint now);

  // Starts and retires workers, and begins a reload that is due. Throws std::system_error where the system
  // has no process or descriptor left for the first start; later ones are tried again. [master]
  void manage(base::TimePoint now);

  // When manage() has a worker to start that must wait for it; base::kNever if none.
  base::TimePoint next_respawn() const { return next_respawn_; }

  // Closes the plugins of every generation but this one. For a child, after the fork. [worker]
  void keep_only(const Generation& generation);

 private:
  bool first_start() const { return announced_ == 0; }
  bool all_serve() const;
  bool may_begin_reload() const;

  base::ExitCode act_on_failed_boot(const Happening& failure, base::TimePoint now);
  void set_back(unsigned index, base::Duration served, base::TimePoint now);
  void slow_down(unsigned index, base::Duration served, base::TimePoint now);

  void begin_reload(base::TimePoint now);
  void refuse_stand_ins(const std::vector<config::PluginFile>& plugins) const;
  void commit_reload();
  void refuse_reload(const std::string& why, base::TimePoint now);

  void retire_workers(base::TimePoint now);
  void announce();
  void fill_seats(base::TimePoint now);
  void fill_seat(unsigned index, base::TimePoint now);

  Crew& crew_;
  Listeners& listeners_;
  const ReadSettings read_settings_;

  Generation current_;
  std::optional<Generation> candidate_;   // while the first worker of a reload boots
  unsigned wanted_;                       // workers
  std::map<unsigned, Backoff> backoffs_;  // by worker index
  base::TimePoint next_respawn_ = base::kNever;
  std::uint64_t announced_ = 0;  // the last generation that has served with all its workers
  bool reload_asked_ = false;
};

}  // namespace master
