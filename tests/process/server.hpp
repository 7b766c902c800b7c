// The real binary, driven as an operator would: in a folder of its own with plugin files in it, by options,
// signals and requests, and watched through its log. Prints the log where its test fails.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "http_client.hpp"
#include "scratch_folder.hpp"

class Server {
 public:
  using Words = std::vector<std::string>;

  // Of this build, or the binary given.
  Server();
  explicit Server(std::filesystem::path binary) : binary_(std::move(binary)) {}
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // --- its folder, which is its working folder
  const std::filesystem::path& folder() const { return folder_.path(); }
  void write_file(const std::string& name, std::string_view text);

  // Makes `name` the plugin file `built` (of tests/fixtures or plugins/): as a new file in the place of the
  // old, the way a package manager does it; or over the old file's bytes, the way `cp` does it.
  void put_plugin(const std::string& name, const std::string& built);
  void overwrite_plugin(const std::string& name, const std::string& built);
  void remove_file(const std::string& name);

  // --- its life
  // Starts it on a port of the kernel's choice, unless `options` bind, and waits until it serves.
  void start(const Words& options);
  // The same with the plugins named put in place first.
  void start_with(const Words& plugins, const Words& options = {});
  // Starts it and leaves the waiting to the test.
  void launch(const Words& options, const Words& environment = {});
  // Runs it to its end: the exit code.
  int run(const Words& options, const Words& environment = {});

  void signal(int number) { process_->signal(number); }
  void reload();  // SIGHUP, and waits for what comes of it: the new generation serves
  int wait_for_exit(Deadline deadline = {}) { return process_->wait_for_exit(deadline); }
  // Waits until the last of its processes has ended.
  void wait_until_all_gone() { process_->wait_for_end_of_output(); }

  // --- its log
  // Waits for the next line with `text` in it, behind the one waited for last, and returns it.
  std::string wait_for(std::string_view text, Deadline deadline = {}) {
    return process_->wait_for(text, deadline);
  }
  // Waits until the worker's end is logged, wherever among the other lines that is.
  void wait_until_gone(pid_t worker) {
    process_->wait_until_written("Worker exiting (pid: " + std::to_string(worker) + ")");
  }
  std::string output() const { return process_ ? process_->output() : ""; }
  bool has_logged(std::string_view text) const { return output().find(text) != std::string::npos; }
  std::size_t count_logged(std::string_view text) const;
  // The pids of its `Booting worker` lines so far, in their order.
  std::vector<pid_t> booted_workers() const;

  // --- its clients
  const Address& address(std::size_t bind = 0) const { return addresses_.at(bind); }
  HttpClient connect(std::size_t bind = 0) const { return HttpClient(address(bind)); }
  // One request over a connection of its own.
  Answer fetch(const std::string& target) const { return connect().get(target); }
  std::string get(const std::string& target) const { return fetch(target).body; }

 private:
  const std::filesystem::path binary_;
  const ScratchFolder folder_;

  std::optional<ChildProcess> process_;
  std::vector<Address> addresses_;
};
