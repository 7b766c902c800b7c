// What a worker tells the master over its channel, a stream socket whose other end the master holds: how its
// boot went, that it should be replaced, that it accepts no more. The end of the stream tells each side that
// the other one is gone.
#pragma once

#include <optional>
#include <string>

#include "base/exit_code.hpp"

namespace observe {

struct WorkerReport {
  enum class Kind { booted, asks_replacement, accepts_no_more };

  Kind kind = Kind::booted;
  base::ExitCode code = base::ExitCode::clean;  // booted; clean: ready to serve
  std::string reason{};                         // why not, or why it should be replaced, in one line
};

// Sends the report; where it can't be sent, the master is gone or does not hear. [worker]
void send_report(int channel, const WorkerReport& report);

// Reads what has come without waiting: a report, or nothing (nothing has come whole, or the stream has ended;
// `ended` says so). What can't be read is a boot that failed. `buffer` keeps a report's parts between calls,
// and what came behind it: ask again until there is nothing. [master]
std::optional<WorkerReport> receive_report(int channel, std::string& buffer, bool& ended);

// What the master tells a worker, each by this byte.
enum class Order : char {
  retire = 'r',          // others serve on: drain, with all of the graceful timeout
  fail_readiness = 's',  // the server is about to stop: tell balancers so, and serve on
};

}  // namespace observe
