#include "master/master.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "base/signal_name.hpp"
#include "config/version.hpp"

namespace master {
namespace {

using std::chrono::nanoseconds;

// WINCH is not among them: it does nothing by default, and a terminal sends it whenever it is resized.
constexpr std::array kSignals = {SIGCHLD, SIGHUP,  SIGTERM, SIGINT, SIGQUIT,
                                 SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2};

// From SIGQUIT to SIGKILL in a quick stop.
constexpr std::chrono::milliseconds kQuickStop{2'000};

timespec time_until(base::TimePoint deadline) {
  const nanoseconds left = std::max<nanoseconds>(deadline - base::Clock::now(), nanoseconds::zero());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((left - seconds).count())};
}

// "SIGHUP" to "hup".
std::string short_name(int signal) {
  std::string name = base::signal_name(signal).substr(3);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace

Master::Master(config::Settings settings, ReadSettings read_settings, WorkerMain worker_main)
    : worker_main_(std::move(worker_main)),
      signals_(kSignals),
      crew_([this](unsigned index, const Generation& generation, base::UniqueFd channel,
                   observe::WorkerSlot& slot) {
        return become_worker(index, generation, std::move(channel), slot);
      }),
      roster_(crew_, listeners_, std::move(read_settings), std::move(settings)) {
  ::signal(SIGPIPE, SIG_IGN);  // a log that nobody reads any more must not end the server
}

int Master::run() {
  if (const base::ExitCode code = start(); code != base::ExitCode::clean) return static_cast<int>(code);
  while (!finished()) {
    manage_workers();
    if (finished()) break;
    wait_for_events();
    hear_signals();
    hear_workers();
  }
  base::log_info("Shutting down: Master");
  return static_cast<int>(exit_code_);
}

base::ExitCode Master::start() {
  base::log_info("Starting appserver ", config::version());
  auto failing = base::ExitCode::bad_config;
  try {
    listeners_.open_missing(roster_.current().settings.binds, roster_.current().settings.backlog);
    roster_.open_first_log();
    failing = base::ExitCode::plugin_load;
    roster_.load_first();
    return base::ExitCode::clean;
  } catch (const std::exception& error) {
    base::log_error(error.what());
    listeners_.close_all();
    return failing;
  }
}

void Master::manage_workers() {
  if (stop_ == Stop::delayed && stop_at_ <= now_) stop_gracefully();
  if (!serving()) return;
  try {
    roster_.manage(now_);
  } catch (const std::exception& error) {
    base::log_error("Could not start a worker: ", error.what(), "; see ulimit -n and ulimit -u");
    exit_code_ = base::ExitCode::worker_boot;
    stop_quickly();
  }
}

void Master::wait_for_events() {
  std::vector<pollfd> sources = {{signals_.fd(), POLLIN, 0}};
  for (const int channel : crew_.awaited_channels()) sources.push_back({channel, POLLIN, 0});
  base::TimePoint next = crew_.next_deadline();
  if (serving()) next = std::min({next, roster_.next_respawn(), stop_at_});
  const timespec timeout = time_until(next);
  ::ppoll(sources.data(), sources.size(), next == base::kNever ? nullptr : &timeout, nullptr);
  now_ = base::Clock::now();
}

void Master::hear_workers() {
  crew_.hear_reports(now_, happenings_);
  crew_.meet_deadlines(now_, happenings_);
  crew_.check_pulses(now_, roster_.current().settings.timeout, happenings_);
  for (const Happening& happening : std::exchange(happenings_, {})) {
    if (!serving()) return;
    exit_code_ = roster_.act_on(happening, now_);
    if (exit_code_ != base::ExitCode::clean) stop_quickly();
  }
}

// --- signals ------------------------------------------------------------------------------------------

const Master::Handler Master::kHandlers[] = {
    {SIGCHLD, &Master::handle_chld}, {SIGHUP, &Master::handle_hup},     {SIGTERM, &Master::handle_term},
    {SIGINT, &Master::handle_int},   {SIGQUIT, &Master::handle_int},    {SIGTTIN, &Master::handle_ttin},
    {SIGTTOU, &Master::handle_ttou}, {SIGUSR1, &Master::handle_unused}, {SIGUSR2, &Master::handle_unused},
};

void Master::hear_signals() {
  while (const auto signal = signals_.next()) {
    if (*signal != SIGCHLD) base::log_info("Handling signal: ", short_name(*signal));
    for (const Handler& handler : kHandlers) {
      if (handler.signal == *signal) (this->*handler.handle)();
    }
  }
}

void Master::handle_chld() { crew_.reap(now_, happenings_); }

void Master::handle_hup() {
  if (stop_ == Stop::none) return roster_.ask_reload();
  base::log_info("The server is about to stop, and is not reloaded");
}

void Master::handle_term() {
  if (stop_ != Stop::none) return stop_quickly();
  const config::Milliseconds delay = roster_.current().settings.shutdown_delay;
  delay > delay.zero() ? stop_later(delay) : stop_gracefully();
}

void Master::handle_int() { stop_quickly(); }

void Master::handle_ttin() { roster_.one_more(); }

void Master::handle_ttou() { roster_.one_fewer(); }

void Master::handle_unused() { base::log_info("This signal has no effect"); }

// --- the end ------------------------------------------------------------------------------------------

// Balancers need a while to learn that they are to send nobody here any more; who comes meanwhile is served.
void Master::stop_later(config::Milliseconds delay) {
  stop_ = Stop::delayed;
  stop_at_ = now_ + delay;
  base::log_info("Stopping in ", base::duration_text(delay));
  crew_.fail_readiness();
}

void Master::stop_gracefully() {
  stop_ = Stop::graceful;
  // The workers have copies of their own and answer what is in the queues, into which nobody new is let.
  listeners_.close_all();
  crew_.drain_all(now_);
}

void Master::stop_quickly() {
  if (stop_ == Stop::quick) return;
  stop_ = Stop::quick;
  crew_.end_all(now_ + kQuickStop);
  listeners_.close_all();
}

// --- the other side of fork ---------------------------------------------------------------------------

int Master::become_worker(unsigned index, const Generation& generation, base::UniqueFd channel,
                          observe::WorkerSlot& slot) {
  // What is the master's alone, or another generation's, is not for this process to hold.
  signals_.close();
  roster_.keep_only(generation);
  ::prctl(PR_SET_NAME, ("appserver:w" + std::to_string(index)).c_str());
  base::set_log_level(generation.settings.log_level);
  try {
    return worker_main_({index, generation.number, generation.settings, generation.plugins,
                         listeners_.take(generation.settings.binds), generation.access_log.get(),
                         std::move(channel), slot});
  } catch (const std::exception& error) {
    base::log_critical("Worker failed: ", error.what());
    return static_cast<int>(base::ExitCode::worker_boot);
  }
}

}  // namespace master
