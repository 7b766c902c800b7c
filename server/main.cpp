// Reads what is asked for, and hands the master what it needs: how to read it again, and what a worker does.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/exit_code.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "config/load.hpp"
#include "hooks/symbols.hpp"
#include "master/check.hpp"
#include "master/master.hpp"
#include "master/snapshot.hpp"
#include "worker/run.hpp"

extern char** environ;

namespace {

config::Sources sources_of(int argc, char** argv) {
  config::Sources sources;
  sources.arguments.assign(argv + 1, argv + argc);
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != text.npos) sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  std::error_code unknown;
  sources.executable = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  return sources;
}

// Under the process's number rather than `self`, so that a debugger finds the library by its name too.
std::vector<plugin::Origin> origins_of(std::span<const master::Snapshot> snapshots) {
  std::vector<plugin::Origin> origins;
  for (const master::Snapshot& snapshot : snapshots) {
    origins.push_back({"/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(snapshot.image.get()),
                       snapshot.source.file, snapshot.source.given, snapshot.source.prefix});
  }
  return origins;
}

int work(master::Seat seat) {
  worker::Assignment assignment{.index = seat.index,
                                .generation = seat.generation,
                                .settings = seat.settings,
                                .plugins = origins_of(seat.plugins),
                                .listeners = std::move(seat.listeners),
                                .access_log = seat.access_log,
                                .channel = std::move(seat.channel),
                                .slot = seat.slot};
  return static_cast<int>(worker::run(std::move(assignment)));
}

// A standard descriptor that is closed would become a socket's, and what is printed would go to a client.
void fill_standard_descriptors() {
  for (;;) {
    base::UniqueFd spare(::open("/dev/null", O_RDWR));
    if (!spare || spare.get() > STDERR_FILENO) return;
    [[maybe_unused]] const int kept = spare.release();
  }
}

int refuse(const char* why, base::ExitCode code) {
  std::cerr << "appserver: " << base::escaped(why) << '\n';
  return static_cast<int>(code);
}

int check_config(const config::Settings& settings) {
  base::set_log_level(std::max(settings.log_level, base::LogLevel::warning));
  const std::string why = master::why_no_worker_boots(settings, work);
  if (!why.empty()) throw config::Error(why);
  std::cout << "The configuration is valid, and every plugin starts.\n";
  return static_cast<int>(base::ExitCode::clean);
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_descriptors();
  const config::Sources sources = sources_of(argc, argv);
  try {
    config::Invocation invocation = config::load(sources);
    switch (invocation.action) {
      case config::Action::help:
      case config::Action::version:
      case config::Action::print_config:
        std::cout << invocation.text;
        return static_cast<int>(base::ExitCode::clean);
      case config::Action::list_hooks:
        std::cout << hooks::table_text();
        return static_cast<int>(base::ExitCode::clean);
      case config::Action::check_config:
        return check_config(invocation.settings);
      case config::Action::serve:
        break;
    }
    base::set_log_level(invocation.settings.log_level);
    return master::Master(
               invocation.settings, [&] { return config::load(sources).settings; }, work)
        .run();
  } catch (const config::Error& error) {
    return refuse(error.what(), error.code);
  } catch (const std::exception& error) {
    return refuse(error.what(), base::ExitCode::bad_config);
  }
}
