// The fiber that runs this handler: each request has its own.
#pragma once

#include <appserver/detail/host.hpp>
#include <appserver/duration.hpp>

namespace APPSERVER_HIDDEN appserver {

// Waits for `time` at least, and not at all where it is zero or less; the worker's other requests go on
// meanwhile. [may suspend]
inline void sleep_for(Seconds time) {
  detail::check(detail::host.fiber->sleep(detail::to_nanoseconds(time)), "sleeping");
}

}  // namespace appserver
