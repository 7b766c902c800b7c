#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "server.hpp"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "catch.hpp"

namespace {

namespace fs = std::filesystem;

// The output of the servers of the test case that runs, for the case that it fails.
std::string& outputs() {
  static std::string all;
  return all;
}

#if CATCH_VERSION_MAJOR >= 3
using Listener = Catch::EventListenerBase;
#else
using Listener = Catch::TestEventListenerBase;
#endif

class PrintOutputsOfFailed : public Listener {
 public:
  using Listener::Listener;
  void testCaseStarting(const Catch::TestCaseInfo&) override { outputs().clear(); }
  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    if (!stats.totals.assertions.allOk()) std::cout << outputs() << std::flush;
  }
};
CATCH_REGISTER_LISTENER(PrintOutputsOfFailed)

// Where the build has put the plugin.
fs::path built_plugin(const std::string& name) {
  for (const char* folder : {APPSERVER_FIXTURES, APPSERVER_PLUGINS}) {
    const fs::path file = fs::path(folder) / name;
    if (fs::exists(file)) return file;
  }
  throw std::runtime_error("there is no plugin " + name);
}

bool binds(const Server::Words& options) {
  return std::any_of(options.begin(), options.end(),
                     [](const std::string& word) { return word == "--bind" || word == "-b"; });
}

}  // namespace

Server::Server() : Server(APPSERVER_BINARY) {}

Server::~Server() {
  if (process_) outputs() += "--- the server's output:\n" + process_->output() + "---\n";
}

void Server::write_file(const std::string& name, std::string_view text) {
  std::ofstream(folder() / name) << text;
}

void Server::put_plugin(const std::string& name, const std::string& built) {
  const fs::path next = folder() / (name + ".new");
  fs::copy_file(built_plugin(built), next);
  fs::rename(next, folder() / name);
}

void Server::overwrite_plugin(const std::string& name, const std::string& built) {
  std::ifstream from(built_plugin(built), std::ios::binary);
  std::ofstream to(folder() / name, std::ios::binary | std::ios::trunc);
  to << from.rdbuf();
}

void Server::remove_file(const std::string& name) { fs::remove(folder() / name); }

void Server::launch(const Words& options, const Words& environment) {
  Words command{binary_};
  command.insert(command.end(), options.begin(), options.end());
  // What the test's own surroundings would say to a server.
  Words variables{
      "APPSERVER_CMD_ARGS=", "APPSERVER_PLUGIN_PATH=", "PORT=", "WEB_CONCURRENCY=", "FORWARDED_ALLOW_IPS="};
  variables.insert(variables.begin(), environment.begin(), environment.end());
  process_.emplace(command, folder(), variables);
}

void Server::start(const Words& options) {
  Words all = options;
  if (!binds(options)) all.insert(all.end(), {"--bind", "127.0.0.1:0"});
  launch(all);
  wait_for("Generation 1 is serving");

  // `Listening at: http://127.0.0.1:40123 (pid)`, one line a bind.
  const std::string log = output(), words = "Listening at: ";
  for (std::size_t at = log.find(words); at != std::string::npos; at = log.find(words, at + 1)) {
    const std::size_t begin = at + words.size();
    addresses_.push_back(Address::parse(log.substr(begin, log.find(" (", begin) - begin)));
  }
}

void Server::start_with(const Words& plugins, const Words& options) {
  Words all;
  for (const std::string& plugin : plugins) {
    put_plugin(plugin, plugin);
    all.insert(all.end(), {"--plugin", plugin});
  }
  all.insert(all.end(), options.begin(), options.end());
  start(all);
}

int Server::run(const Words& options, const Words& environment) {
  launch(options, environment);
  const int code = process_->wait_for_exit();
  process_->wait_for_end_of_output();
  return code;
}

void Server::reload() {
  signal(SIGHUP);
  wait_for("Reload complete");
}

std::size_t Server::count_logged(std::string_view text) const {
  const std::string log = output();
  std::size_t count = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++count;
  return count;
}

std::vector<pid_t> Server::booted_workers() const {
  const std::string log = output(), words = "Booting worker with pid: ";
  std::vector<pid_t> pids;
  for (std::size_t at = log.find(words); at != std::string::npos; at = log.find(words, at + 1))
    pids.push_back(std::stoi(log.substr(at + words.size())));
  return pids;
}
