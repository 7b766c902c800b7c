#include "master/roster.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "observe/access_log.hpp"

namespace master {
namespace {

// Which file a bare name came to mean.
void log_plugins(const Generation& generation) {
  for (const config::PluginFile& plugin : generation.settings.plugins) {
    base::log_info("Plugin ", plugin.file, plugin.prefix.empty() ? "" : " under ", plugin.prefix);
  }
}

base::UniqueFd open_access_log(const config::Settings& settings) {
  if (settings.access_logfile.empty()) return {};
  return observe::open_access_log(settings.access_logfile);
}

}  // namespace

Roster::Roster(Crew& crew, Listeners& listeners, ReadSettings read_settings, config::Settings settings)
    : crew_(crew),
      listeners_(listeners),
      read_settings_(std::move(read_settings)),
      current_{.number = 1, .settings = std::move(settings), .plugins = {}, .access_log = {}},
      wanted_(current_.settings.workers) {}

void Roster::open_first_log() { current_.access_log = open_access_log(current_.settings); }

void Roster::load_first() {
  current_.plugins = take_snapshots(current_.settings.plugins);
  log_plugins(current_);
}

void Roster::one_more() {
  if (wanted_ < kMostWorkers) ++wanted_;
  base::log_info("Workers wanted: ", wanted_);
}

void Roster::one_fewer() {
  if (wanted_ > 1) --wanted_;
  base::log_info("Workers wanted: ", wanted_);
}

void Roster::keep_only(const Generation& generation) {
  if (&generation == &current_) {
    candidate_.reset();
  } else {
    current_.plugins.clear();
    current_.access_log.reset();
  }
}

// --- what befell the workers --------------------------------------------------------------------------

base::ExitCode Roster::act_on(const Happening& happening, base::TimePoint now) {
  switch (happening.kind) {
    case Happening::Kind::ready:
      if (happening.worker.generation > current_.number) commit_reload();
      break;
    case Happening::Kind::boot_failed:
      return act_on_failed_boot(happening, now);
    case Happening::Kind::lost:
      set_back(happening.worker.index, happening.served, now);
      break;
    case Happening::Kind::asks_replacement:
      slow_down(happening.worker.index, happening.served, now);
      break;
  }
  return base::ExitCode::clean;
}

base::ExitCode Roster::act_on_failed_boot(const Happening& failure, base::TimePoint now) {
  const auto& [pid, index, generation, slot] = failure.worker;
  if (generation > current_.number) {
    refuse_reload(failure.reason, now);
    return base::ExitCode::clean;
  }
  base::log_error("Worker (pid:", pid, ") could not boot: ", failure.reason);
  if (first_start()) return failure.code;
  set_back(index, base::Duration::zero(), now);
  return base::ExitCode::clean;
}

void Roster::set_back(unsigned index, base::Duration served, base::TimePoint now) {
  const auto wait = backoffs_[index].died(now, served);
  if (wait == wait.zero()) return;
  base::log_warning("Worker index ", index, " has failed again: it is started in ",
                    base::duration_text(wait));
}

// Workers that all ask to be replaced must not have the server do nothing else.
void Roster::slow_down(unsigned index, base::Duration served, base::TimePoint now) {
  const auto wait = backoffs_[index].died(now, served);
  if (wait == wait.zero()) return;
  base::log_warning("Worker index ", index, " asks to be replaced again: its successor is started in ",
                    base::duration_text(wait));
}

// --- the way of one reload ----------------------------------------------------------------------------

bool Roster::may_begin_reload() const {
  if (first_start() || candidate_) return false;
  // One after the other; but where a worker of the new generation fails again and again, what is asked for
  // may well be the cure.
  const bool complete = announced_ == current_.number;
  const bool failing = next_respawn_ != base::kNever;
  return complete || failing;
}

void Roster::begin_reload(base::TimePoint now) {
  reload_asked_ = false;
  try {
    config::Settings settings = read_settings_();
    listeners_.open_missing(settings.binds, settings.backlog);
    std::vector<Snapshot> plugins = take_snapshots(settings.plugins);
    refuse_stand_ins(settings.plugins);
    base::UniqueFd access_log = open_access_log(settings);
    candidate_ =
        Generation{current_.number + 1, std::move(settings), std::move(plugins), std::move(access_log)};
    if (!crew_.start(0, *candidate_, now)) throw std::runtime_error("too many workers have yet to end");
  } catch (const std::exception& error) {
    refuse_reload(error.what(), now);
  }
}

// A bare name is looked for in several folders: when the file that it meant is gone, another one of that name
// is not what a reload is asked for.
void Roster::refuse_stand_ins(const std::vector<config::PluginFile>& plugins) const {
  for (const config::PluginFile& plugin : plugins) {
    const auto same = [&](const config::PluginFile& before) {
      return before.given == plugin.given && before.file != plugin.file;
    };
    const auto& before = current_.settings.plugins;
    const auto found = std::find_if(before.begin(), before.end(), same);
    if (found == before.end() || std::filesystem::exists(found->file)) continue;
    throw std::runtime_error("plugin " + plugin.given + " is no longer at " + found->file + "; " +
                             plugin.file + " has the same name: give its path if it is the one you mean");
  }
}

void Roster::commit_reload() {
  current_ = std::move(*candidate_);
  log_plugins(current_);
  candidate_.reset();
  base::set_log_level(current_.settings.log_level);
  listeners_.keep(current_.settings.binds);
  wanted_ = current_.settings.workers;
  backoffs_.clear();
}

void Roster::refuse_reload(const std::string& why, base::TimePoint now) {
  base::log_error("Reload refused: ", why, "; generation ", current_.number, " goes on serving");
  candidate_.reset();
  listeners_.keep(current_.settings.binds);
  crew_.retire([&](const WorkerProcess& worker) { return worker.id().generation > current_.number; }, now);
}

// --- what there should be -----------------------------------------------------------------------------

void Roster::manage(base::TimePoint now) {
  retire_workers(now);
  announce();
  if (reload_asked_ && may_begin_reload()) begin_reload(now);
  fill_seats(now);
}

void Roster::retire_workers(base::TimePoint now) {
  const bool complete = all_serve();
  const auto dispensable = [&](const WorkerProcess& worker) {
    const auto& [pid, index, generation, slot] = worker.id();
    const bool replaced = generation < current_.number && crew_.table().serves(index, current_.number);
    const bool succeeded = worker.outgoing() && crew_.table().stays(index, current_.number);
    const bool surplus = index >= wanted_ && complete;
    return replaced || succeeded || surplus;
  };
  crew_.retire(dispensable, now);
}

bool Roster::all_serve() const {
  for (unsigned index = 0; index < wanted_; ++index) {
    if (!crew_.table().serves(index, current_.number)) return false;
  }
  return true;
}

void Roster::announce() {
  // Complete is a reload whose next connection is the new code's.
  if (announced_ == current_.number || !all_serve() || crew_.table().accepts_before(current_.number)) return;
  if (first_start()) {
    base::log_info("Generation 1 is serving: ", wanted_, wanted_ == 1 ? " worker" : " workers");
  } else {
    base::log_info("Reload complete: generation ", current_.number, " is serving");
  }
  announced_ = current_.number;
}

void Roster::fill_seats(base::TimePoint now) {
  next_respawn_ = base::kNever;
  // At the first start one worker tries the plugins before the others follow.
  const bool trying = first_start() && !crew_.table().serves(0, current_.number);
  for (unsigned index = 0; index < (trying ? 1 : wanted_); ++index) {
    if (crew_.table().holds(index, current_.number)) continue;
    // While old workers serve, new ones boot one by one: a reload costs one worker's boot at a time.
    if (crew_.table().serves_until(index, current_.number) && crew_.table().boots(current_.number)) continue;
    fill_seat(index, now);
  }
}

void Roster::fill_seat(unsigned index, base::TimePoint now) {
  const Backoff& backoff = backoffs_[index];
  if (backoff.due() <= now) {
    try {
      crew_.start(index, current_, now);  // or else, once a worker has been reaped
      return;
    } catch (const std::system_error& error) {
      if (first_start()) throw;
      base::log_error("Worker index ", index, " could not be started: ", error.what());
      set_back(index, base::Duration::zero(), now);
    }
  }
  next_respawn_ = std::min(next_respawn_, backoff.due());
}

}  // namespace master
