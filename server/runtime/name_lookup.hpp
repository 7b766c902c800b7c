// Asks for the addresses of a host for a fiber, without holding up the worker.
#pragma once

#include <netdb.h>

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/offload.hpp"

namespace runtime {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// The addresses for TCP to `port` of `host`, a name or a number, in the order in which to try them (RFC
// 6724); none where it has none, or has not said so by the deadline, or before the fiber's task was
// cancelled. A name is asked for on a thread of `names`, by getaddrinfo(3). Throws NoThread. [worker, may
// suspend]
Addresses look_up(ThreadPool& names, const std::string& host, std::uint16_t port, TimePoint deadline);

}  // namespace runtime
