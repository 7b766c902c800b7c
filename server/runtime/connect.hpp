// Opens TCP connections for a fiber: looks the name up, then tries each address in turn.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <system_error>

#include "runtime/offload.hpp"
#include "runtime/reactor.hpp"
#include "runtime/stream.hpp"

namespace runtime {

struct ConnectResult {
  std::unique_ptr<Stream> stream;  // null where it failed
  std::error_code error;           // of the last address tried; no_such_file_or_directory: no such name
};

// `host` is a name or a numeric IPv4 or IPv6 address; names are looked up on threads of `names`. Throws
// NoThread. [worker, may suspend]
ConnectResult connect(Reactor& reactor, ThreadPool& names, const std::string& host, std::uint16_t port,
                      TimePoint deadline);

}  // namespace runtime
