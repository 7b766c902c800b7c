// The worker process that this plugin runs in. Nothing here suspends.
#pragma once

#include <appserver/detail/host.hpp>
#include <cstdint>

namespace APPSERVER_HIDDEN appserver {

// 0 to workers-1. A worker that replaces another takes its index; while a reload goes on, an old and a new
// worker share one.
inline std::uint32_t worker_index() { return detail::host.worker->index(detail::host.self); }

// 1 for the workers of the first start, one more after each reload.
inline std::uint64_t generation() { return detail::host.worker->generation(detail::host.self); }

}  // namespace appserver
