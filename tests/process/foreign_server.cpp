#include "foreign_server.hpp"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

ForeignServer::ForeignServer(Words environment)
    : environment_(std::move(environment)), user_(::getuid()), group_(::getgid()) {
  if (user_ != 0) return;
  // PostgreSQL refuses to run as root.
  const passwd* const nobody = ::getpwnam("nobody");
  if (nobody == nullptr) throw std::runtime_error("there is no user nobody to run a server as");
  user_ = nobody->pw_uid;
  group_ = nobody->pw_gid;
  if (::chown(folder().c_str(), user_, group_) != 0)
    throw std::system_error(errno, std::generic_category(), "chown");
}

ForeignServer::~ForeignServer() {
  try {
    stop();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';  // it is killed instead
  }
}

// The kernel sends the signal of stop() where the test dies without one: prctl(2), PR_SET_PDEATHSIG.
ForeignServer::Words ForeignServer::minded(const Words& command) const {
  Words words{"/usr/bin/env", "setpriv", "--pdeathsig", "INT"};
  if (::getuid() == 0) {
    words.insert(words.end(),
                 {"--reuid", std::to_string(user_), "--regid", std::to_string(group_), "--clear-groups"});
  }
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

void ForeignServer::run(const Words& command) {
  ChildProcess program(minded(command), folder(), environment_);
  const int code = program.wait_for_exit();
  program.wait_for_end_of_output();
  if (code != 0) throw std::runtime_error(command[0] + " failed:\n" + program.output());
}

void ForeignServer::start(const Words& command, std::string_view ready) {
  process_.emplace(minded(command), folder(), environment_);
  try {
    process_->wait_for(ready);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(command[0] + " did not start: " + error.what() + ":\n" + process_->output());
  }
}

void ForeignServer::stop() {
  if (!process_) return;
  process_->signal(SIGINT);
  process_->wait_for_exit();
  process_.reset();
}

std::string ForeignServer::loopback() {
  // Process ids have 22 bits (proc(5), pid_max). With the one above them set, it is never 127.0.0.1.
  const unsigned host = (1U << 23) | static_cast<unsigned>(::getpid());
  return "127." + std::to_string(host >> 16) + "." + std::to_string(host >> 8 & 0xff) + "." +
         std::to_string(host & 0xff);
}
