// One worker process as the master knows it: which it is, how far it has come, and what happens to it next if
// it does nothing. Owned by the crew; a process stays one until it has been reaped, so its pid is its own.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "master/pulse.hpp"
#include "observe/worker_report.hpp"

namespace master {

class WorkerProcess {
 public:
  enum class State {
    booting,   // forked; has not reported
    serving,   // has reported that it is ready
    draining,  // told to finish what it has
    ending,    // told by a signal to end now, or failed in its boot and about to exit
    killed,    // sent SIGKILL by us
  };

  struct Identity {
    pid_t pid;
    unsigned index;
    std::uint64_t generation;
    std::size_t slot;
  };

  WorkerProcess(Identity identity, base::UniqueFd channel, const config::Settings& settings,
                base::TimePoint now);

  const Identity& id() const { return identity_; }
  config::Milliseconds boot_timeout() const { return boot_timeout_; }
  config::Milliseconds graceful_timeout() const { return graceful_timeout_; }
  State state() const { return state_; }
  bool holds_index() const { return state_ == State::booting || state_ == State::serving; }
  bool has_failed_to_boot() const { return state_ == State::ending && !serving_since_; }

  // When the master has to do something about it if nothing has come by then; base::kNever if never.
  base::TimePoint deadline() const { return deadline_; }

  // Whether it may still take a new connection: one that drains does until it has said otherwise.
  bool accepts() const { return state_ == State::serving || (state_ == State::draining && !let_go_); }

  // Whether it has asked to be replaced: it serves until another does at its index.
  bool outgoing() const { return outgoing_; }

  // The descriptor to wait on for its reports; -1 where none is to come any more.
  int awaited_channel() const { return channel_ended_ ? -1 : channel_.get(); }

  // The next report that has come, if one has.
  std::optional<observe::WorkerReport> hear();

  // Never waits; false where it can't be told.
  bool tell(observe::Order order) const;

  // The steps of its life, each from the states before it.
  void serve(base::TimePoint now);
  void note_outgoing() { outgoing_ = true; }
  void note_let_go() { let_go_ = true; }
  void drain(base::TimePoint now);  // with all of the graceful timeout, as others serve on
  void drain_at_stop(base::TimePoint now);
  void end(int signal, base::TimePoint kill_at);
  void expect_exit(base::TimePoint kill_at);
  void kill();

  // How long it has served, zero if it never has.
  base::Duration served(base::TimePoint now) const;

  // Whether a wait status (waitpid(2)) is what it was told to come to.
  bool was_told(int wait_status) const;

  Pulse pulse;

 private:
  void send(int signal);

  const Identity identity_;
  const config::Milliseconds boot_timeout_, graceful_timeout_;  // of its own generation
  const base::UniqueFd channel_;  // open for the process's life: its end tells the worker that we are gone

  State state_ = State::booting;
  base::TimePoint deadline_;
  std::optional<base::TimePoint> serving_since_;
  int last_signal_ = 0;
  std::string heard_;
  bool channel_ended_ = false;
  bool outgoing_ = false;
  bool let_go_ = false;  // of the listeners
};

}  // namespace master
