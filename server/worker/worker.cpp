#include "worker/worker.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/fiber/operations.hpp>
#include <filesystem>
#include <utility>

#include "base/log.hpp"
#include "plugin/load_error.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/spawn.hpp"
#include "runtime/thread_state.hpp"

namespace worker {
namespace {

// How long a silent connection is kept when the server stops: long enough for a request that is on its way.
constexpr runtime::Duration kSilenceAtStop = std::chrono::seconds(1);

// How long clients may take to finish, once the server stops, a connection that they have begun: its
// handshake takes one more trip from them to here. The listeners' queues let nobody else in.
constexpr runtime::Duration kLastCall = std::chrono::milliseconds(250);

http::Limits limits_from(const config::Settings& settings) {
  return {.request_line = settings.limit_request_line,
          .fields = settings.limit_request_fields,
          .field_size = settings.limit_request_field_size,
          .request_body = settings.limit_request_body,
          .connections = settings.worker_connections,
          .requests = settings.max_concurrent_requests,
          .header_timeout = settings.header_timeout,
          .body_timeout = settings.body_timeout,
          .write_timeout = settings.write_timeout,
          .queue_timeout = settings.queue_timeout,
          .keep_alive = settings.keep_alive};
}

http::Compression compression_from(const config::Settings& settings) {
  std::vector<http::Coding> codings;
  for (const std::string& name : settings.compress) {
    codings.push_back(name == name_of(http::Coding::gzip) ? http::Coding::gzip : http::Coding::brotli);
  }
  return http::Compression(std::move(codings), settings.compress_types, settings.compress_min_length);
}

http::Proxies proxies_from(const config::Settings& settings) {
  return {.trusted = settings.forwarded_allow_ips,
          .header = settings.forwarded_header,
          .protocol = settings.proxy_protocol};
}

// What the operator calls the plugins' files.
std::map<std::string, std::string> names_of(const std::vector<plugin::Origin>& plugins) {
  std::map<std::string, std::string> names;
  for (const plugin::Origin& plugin : plugins) {
    names.emplace(plugin.image, std::filesystem::path(plugin.path).filename().string());
  }
  return names;
}

constexpr std::array kSignals = {SIGTERM, SIGQUIT};

}  // namespace

Worker::Ear::Ear(Worker& worker, int fd, void (Worker::*hear)())
    : worker_(worker), hear_(hear), watch_(worker.reactor_, fd, this, runtime::Watch::Trigger::level) {}

Worker::Worker(Assignment assignment)
    : assignment_(std::move(assignment)),
      reactor_({assignment_.slot.turns, assignment_.slot.waiting}),
      stacks_(reactor_),
      pools_(reactor_),
      surroundings_{reactor_,
                    stacks_,
                    pools_,
                    assignment_.index,
                    assignment_.generation,
                    assignment_.settings.plugin_settings,
                    [this](const std::string& reason) { ask_for_replacement(reason); },
                    [this](base::LogLevel level, std::string line, const observe::StackTrace& stack) {
                      watchdog_.log_with_stack(level, std::move(line), stack);
                    },
                    assignment_.settings.request_timeout,
                    assignment_.settings.graceful_timeout},
      board_(assignment_.slot),
      application_(board_, surroundings_),
      readiness_(assignment_.settings.ready_path, application_),
      access_logger_(assignment_.access_log, assignment_.settings.access_logformat),
      server_(reactor_, stacks_.usual(), readiness_, limits_from(assignment_.settings),
              compression_from(assignment_.settings), proxies_from(assignment_.settings),
              access_logger_.if_on()),
      watchdog_(assignment_.slot, stacks_, assignment_.settings.max_blocking_time,
                names_of(assignment_.plugins)),
      signals_(kSignals),
      patience_(reactor_, [] { ::_exit(static_cast<int>(base::ExitCode::clean)); }) {
  runtime::PluginCode::enabled = assignment_.settings.hooks;
  boost::fibers::use_scheduling_algorithm<runtime::Scheduler>(reactor_, stacks_);
  signal_ear_.emplace(*this, signals_.fd(), &Worker::hear_signals);
  master_ear_.emplace(*this, assignment_.channel.get(), &Worker::hear_master);
}

observe::WorkerReport Worker::boot() {
  observe::WorkerReport report;
  auto& booting = assignment_.slot.booting;
  // On a fiber, so that a start may wait as a handler may.
  runtime::run_on_fiber(stacks_.usual(), [&] {
    try {
      for (const plugin::Origin& origin : assignment_.plugins) {
        observe::note(booting, sizeof booting, origin.file);
        const plugin::Plugin& plugin = application_.open(origin);
        check_reach(plugin);
        application_.start_last();
        check_reach(plugin);
      }
      application_.finish_loading();
      observe::note(booting, sizeof booting, {});
    } catch (const plugin::LoadError& error) {
      report = {.code = error.code, .reason = error.what()};
    } catch (const std::exception& error) {
      report = {.code = base::ExitCode::worker_boot, .reason = error.what()};
    }
  });
  return report;
}

// Of what is the same in all workers, one tells.
void Worker::check_reach(const plugin::Plugin& plugin) {
  const auto [refusal, unreached] = reach_.look(plugin.file(), plugin.code());
  if (!refusal.empty()) throw plugin::LoadError(refusal);
  if (assignment_.index != 0 || !runtime::PluginCode::enabled) return;
  for (const std::string& what : unreached) base::log_warning(what);
}

void Worker::report(const observe::WorkerReport& report) {
  observe::send_report(assignment_.channel.get(), report);
}

void Worker::ask_for_replacement(const std::string& reason) {
  report({.kind = observe::WorkerReport::Kind::asks_replacement, .reason = reason});
}

void Worker::serve() {
  for (const net::Listener& listener : assignment_.listeners) server_.listen(listener.fd());
  watchdog_.watch_loop(true);
  server_.wait_until_last_accepted();
  // Where no other process has them, who comes now is refused at once instead of left waiting.
  assignment_.listeners.clear();
  report({.kind = observe::WorkerReport::Kind::accepts_no_more});
  server_.wait_until_drained();
  watchdog_.watch_loop(false);
  runtime::run_on_fiber(stacks_.usual(), [this] { application_.stop(); });
  watchdog_.stop();  // what comes after this ends the process
}

void Worker::hear_signals() {
  while (const auto signal = signals_.next()) {
    if (*signal == SIGQUIT) ::_exit(static_cast<int>(base::ExitCode::clean));
    readiness_.fail();
    for (const net::Listener& listener : assignment_.listeners) {
      if (listener.inherited()) server_.leave(listener.fd());
    }
    server_.drain(kSilenceAtStop, kLastCall);
  }
}

// Orders; the end of the stream is the master's end.
void Worker::hear_master() {
  observe::Order order;
  const ssize_t size = ::recv(assignment_.channel.get(), &order, sizeof order, MSG_DONTWAIT);
  if (size < 0) return;
  if (size > 0) return obey(order);
  master_ear_.reset();
  base::log_error("The master is gone: this worker answers what it has and ends");
  // No last call: a new server may be waiting for the addresses.
  server_.drain(kSilenceAtStop);
  patience_.expire_after(assignment_.settings.graceful_timeout);
}

void Worker::obey(observe::Order order) {
  const runtime::Duration graceful = assignment_.settings.graceful_timeout;
  switch (order) {
    case observe::Order::retire:
      // No hurry: a client that is between two requests may take most of the time that a request has.
      return server_.drain(std::max(graceful - kSilenceAtStop, graceful / 2));
    case observe::Order::fail_readiness:
      return readiness_.fail();
  }
}

}  // namespace worker
