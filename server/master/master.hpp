// The supervisor: holds the listeners, obeys the operator's signals, and turns the loop in which the roster
// and the crew do their work. One process, one thread; it runs no plugin code and parses nothing that comes
// from outside, so that nothing a plugin or a client does can hurt it.
#pragma once

#include "base/clock.hpp"
#include "base/exit_code.hpp"
#include "base/signal_fd.hpp"
#include "master/crew.hpp"
#include "master/listeners.hpp"
#include "master/roster.hpp"
#include "master/seat.hpp"

namespace master {

class Master {
 public:
  // Blocks the signals that it handles, in this thread and all it starts, and ignores SIGPIPE. Throws
  // std::system_error. [master]
  Master(config::Settings settings, ReadSettings read_settings, WorkerMain worker_main);
  Master(const Master&) = delete;  // its parts refer to each other
  Master& operator=(const Master&) = delete;

  // Serves until it is told to stop, and returns the exit code. Called once. [master]
  int run();

 private:
  enum class Stop { none, delayed, graceful, quick };
  struct Handler {
    int signal;
    void (Master::*handle)();
  };
  static const Handler kHandlers[];

  base::ExitCode start();
  bool serving() const { return stop_ == Stop::none || stop_ == Stop::delayed; }
  bool finished() const { return !serving() && crew_.table().empty(); }
  void manage_workers();
  void wait_for_events();
  void hear_signals();
  void hear_workers();

  void handle_chld();
  void handle_hup();
  void handle_term();
  void handle_int();
  void handle_ttin();
  void handle_ttou();
  void handle_unused();

  void stop_later(config::Milliseconds delay);
  void stop_gracefully();
  void stop_quickly();

  int become_worker(unsigned index, const Generation& generation, base::UniqueFd channel,
                    observe::WorkerSlot& slot);

  const WorkerMain worker_main_;

  base::SignalFd signals_;
  Listeners listeners_;
  Crew crew_;
  Roster roster_;

  base::TimePoint now_ = base::Clock::now();  // of this turn of the loop
  Happenings happenings_;                     // of this turn of the loop
  Stop stop_ = Stop::none;
  base::TimePoint stop_at_ = base::kNever;  // delayed
  base::ExitCode exit_code_ = base::ExitCode::clean;
};

}  // namespace master
