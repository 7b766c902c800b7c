// What a worker tells the master over its channel, a stream socket whose other end the master holds: once how
// its boot went, and in a drain that it accepts no more. The end of the stream tells each side that the other
// one is gone.
#pragma once

#include <optional>
#include <string>

#include "base/exit_code.hpp"

namespace observe {

struct BootReport {
  base::ExitCode code = base::ExitCode::clean;  // clean: ready to serve
  std::string reason;                           // why not, in one line
};

// Sends the report; an error is ignored, as it can only mean that the master is gone. [worker]
void send_boot_report(int channel, const BootReport& report);

// Reads what has come without waiting: a report, or nothing (nothing has come whole, or the stream has ended;
// `ended` says so). `buffer` keeps a report's parts between calls. [master]
std::optional<BootReport> receive_boot_report(int channel, std::string& buffer, bool& ended);

// Says that the worker accepts no more connections. [worker]
void send_drain_report(int channel);

// Whether that has come; never waits. [master]
bool receive_drain_report(int channel, bool& ended);

}  // namespace observe
