#include "master/crew.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "master/wait_status.hpp"
#include "observe/worker_report.hpp"
#include "observe/worker_story.hpp"

namespace master {
namespace {

using State = WorkerProcess::State;
using Kind = Happening::Kind;
using std::chrono::milliseconds;

// Memory is taken for the slots in use only.
constexpr std::size_t kSlots = 1024;

// From a signal that a worker should end by to SIGKILL.
constexpr milliseconds kGrace{1'000};

// A loop is held up for the timeout when this many looks in a row say so.
constexpr unsigned kLooks = 4;
constexpr milliseconds kShortestLook{100};

std::pair<base::UniqueFd, base::UniqueFd> channel() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

}  // namespace

Crew::Crew(Become become) : become_(std::move(become)), scoreboard_(kSlots) {}

bool Crew::start(unsigned index, const Generation& generation, base::TimePoint now) {
  const auto slot = table_.free_slot(scoreboard_.size());
  if (!slot) return false;
  scoreboard_[*slot].clear();
  auto [ours, theirs] = channel();

  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) {
    ours.reset();
    table_.clear();  // and with it our copies of the other workers' channels
    // Said here, so that it stands before all that the worker says.
    base::log_info("Booting worker with pid: ", ::getpid(), " (index ", index, ", generation ",
                   generation.number, ")");
    // _exit: what the master has buffered or would do at its end is not the worker's to do.
    ::_exit(become_(index, generation, std::move(theirs), scoreboard_[*slot]));
  }
  table_.add({pid, index, generation.number, *slot}, std::move(ours), generation.settings, now);
  return true;
}

std::vector<int> Crew::awaited_channels() const {
  std::vector<int> channels;
  for (const WorkerProcess& worker : table_) {
    if (const int fd = worker.awaited_channel(); fd >= 0) channels.push_back(fd);
  }
  return channels;
}

void Crew::hear_reports(base::TimePoint now, Happenings& told) {
  for (WorkerProcess& worker : table_) hear(worker, now, told);
}

void Crew::hear(WorkerProcess& worker, base::TimePoint now, Happenings& told) {
  using Report = observe::WorkerReport::Kind;
  while (const auto report = worker.hear()) {
    switch (report->kind) {
      case Report::booted:
        hear_boot(worker, *report, now, told);
        break;
      case Report::asks_replacement:
        if (worker.state() != State::serving || worker.outgoing()) break;
        worker.note_outgoing();
        base::log_warning("Worker (pid:", worker.id().pid, ") is to be replaced: ", report->reason);
        told.push_back({.kind = Kind::asks_replacement, .worker = worker.id(), .served = worker.served(now)});
        break;
      case Report::accepts_no_more:
        if (worker.state() == State::draining) worker.note_let_go();
        break;
    }
  }
}

void Crew::hear_boot(WorkerProcess& worker, const observe::WorkerReport& report, base::TimePoint now,
                     Happenings& told) {
  if (worker.state() != State::booting) return;
  if (report.code == base::ExitCode::clean) {
    worker.serve(now);
    if (!ready_) worker.tell(observe::Order::fail_readiness);
    told.push_back({.kind = Kind::ready, .worker = worker.id()});
  } else {
    worker.expect_exit(now + kGrace);
    told.push_back(
        {.kind = Kind::boot_failed, .worker = worker.id(), .code = report.code, .reason = report.reason});
  }
}

void Crew::reap(base::TimePoint now, Happenings& told) {
  int status = 0;
  for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    WorkerProcess* worker = table_.find(pid);
    if (!worker) continue;
    bury(*worker, status, now, told);
    table_.remove(pid);
  }
}

void Crew::bury(WorkerProcess& worker, int wait_status, base::TimePoint now, Happenings& told) {
  hear(worker, now, told);  // its report may have come with its end
  const pid_t pid = worker.id().pid;
  if (worker.state() == State::booting) {
    told.push_back({.kind = Kind::boot_failed,
                    .worker = worker.id(),
                    .code = base::ExitCode::worker_boot,
                    .reason = "the worker " + how_it_ended(wait_status) + story(worker)});
    return;
  }
  if (!worker.was_told(wait_status)) {
    const bool killed = WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL;
    base::log_error("Worker (pid:", pid, ") ", how_it_ended(wait_status), story(worker),
                    killed ? "; not by its master: the kernel, out of memory, says so in dmesg" : "");
  } else if (!worker.has_failed_to_boot()) {  // that has been told, with the reason
    base::log_info("Worker exiting (pid: ", pid, ")", story(worker));
  }
  if (worker.state() == State::serving) {
    told.push_back({.kind = Kind::lost, .worker = worker.id(), .served = worker.served(now)});
  }
}

void Crew::meet_deadlines(base::TimePoint now, Happenings& told) {
  for (WorkerProcess& worker : table_) {
    if (now < worker.deadline()) continue;
    const pid_t pid = worker.id().pid;
    switch (worker.state()) {
      case State::booting:
        give_up_on_boot(worker, told);
        break;
      case State::draining:
        base::log_warning("Worker (pid:", pid, ") has not drained within ",
                          base::duration_text(worker.graceful_timeout()), story(worker));
        worker.end(SIGQUIT, now + kGrace);
        break;
      default:
        base::log_warning("Worker (pid:", pid, ") does not end and is killed");
        worker.kill();
    }
  }
}

void Crew::give_up_on_boot(WorkerProcess& worker, Happenings& told) {
  const std::string plugin = observe::booting_plugin(scoreboard_[worker.id().slot]);
  const std::string what =
      plugin.empty() ? "the worker was not ready" : "plugin " + plugin + " has not returned from its start";
  told.push_back({.kind = Kind::boot_failed,
                  .worker = worker.id(),
                  .code = base::ExitCode::worker_boot,
                  .reason = what + " within " + base::duration_text(worker.boot_timeout())});
  worker.end(SIGKILL, base::kNever);
}

void Crew::check_pulses(base::TimePoint now, milliseconds timeout, Happenings& told) {
  if (timeout == milliseconds::zero()) {
    next_pulse_check_ = base::kNever;
    return;
  }
  const auto interval = std::max(timeout / kLooks, kShortestLook);
  if (next_pulse_check_ == base::kNever) next_pulse_check_ = now + interval;
  if (now < next_pulse_check_) return;
  next_pulse_check_ = now + interval;
  for (WorkerProcess& worker : table_) {
    const bool serving = worker.state() == State::serving;
    if (!serving && worker.state() != State::draining) continue;
    if (worker.pulse.look(scoreboard_[worker.id().slot]) < kLooks) continue;
    base::log_critical("WORKER TIMEOUT (pid:", worker.id().pid, "): its loop has not turned for ",
                       base::duration_text(interval * kLooks), story(worker));
    if (serving) told.push_back({.kind = Kind::lost, .worker = worker.id(), .served = worker.served(now)});
    worker.end(SIGABRT, now + kGrace);
  }
}

base::TimePoint Crew::next_deadline() const {
  base::TimePoint next = table_.any_has_pulse() ? next_pulse_check_ : base::kNever;
  for (const WorkerProcess& worker : table_) next = std::min(next, worker.deadline());
  return next;
}

void Crew::retire(const std::function<bool(const WorkerProcess&)>& chosen, base::TimePoint now) {
  for (WorkerProcess& worker : table_) {
    if (!worker.holds_index() || !chosen(worker)) continue;
    if (worker.state() == State::booting) {
      worker.kill();
    } else {
      worker.drain(now);
    }
  }
}

void Crew::fail_readiness() {
  ready_ = false;
  for (const WorkerProcess& worker : table_) {
    if (worker.state() == State::serving || worker.state() == State::draining) {
      worker.tell(observe::Order::fail_readiness);
    }
  }
}

void Crew::drain_all(base::TimePoint now) {
  for (WorkerProcess& worker : table_) {
    if (worker.state() == State::booting) {
      worker.kill();
    } else if (worker.state() == State::serving || worker.state() == State::draining) {
      worker.drain_at_stop(now);
    }
  }
}

void Crew::end_all(base::TimePoint kill_at) {
  for (WorkerProcess& worker : table_) {
    if (worker.state() == State::booting) {
      worker.kill();
    } else if (worker.state() != State::killed && !worker.has_failed_to_boot()) {
      worker.end(SIGQUIT, kill_at);
    }
  }
}

std::string Crew::story(const WorkerProcess& worker) {
  return observe::worker_story(scoreboard_[worker.id().slot], worker.id().pid);
}

}  // namespace master
