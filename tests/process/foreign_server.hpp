// A server program that others wrote, run by a test for itself: in a folder of its own, as an ordinary user
// whoever runs the test, and no longer than the test program lives, even if that crashes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "child_process.hpp"
#include "scratch_folder.hpp"

class ForeignServer {
 public:
  using Words = std::vector<std::string>;

  // `environment` is over the test's own, for all that is run here.
  explicit ForeignServer(Words environment = {});
  ~ForeignServer();

  // Belongs to the user that the programs run as.
  const std::filesystem::path& folder() const { return folder_.path(); }

  // Runs a program, found by PATH, to its end. Throws with what it wrote where that is not a good one.
  void run(const Words& command);

  // Starts the server and waits until it has written `ready`. Throws with what it wrote where it does not.
  void start(const Words& command, std::string_view ready);
  // SIGINT, at which it says goodbye to its clients; and waits for its end. Nothing where it does not run.
  void stop();

  // A loopback address that nobody else listens at: of 127.0.0.0/8, where all are local, one for each
  // process.
  static std::string loopback();

 private:
  Words minded(const Words& command) const;

  const Words environment_;
  const ScratchFolder folder_;
  uid_t user_;
  gid_t group_;

  std::optional<ChildProcess> process_;
};
