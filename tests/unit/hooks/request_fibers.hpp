// Fibers that the hooks take for those of requests, on a thread like a worker's.
#pragma once

#include <functional>

#include "runtime/thread_locals.hpp"
#include "worker_thread.hpp"

// Runs `body(0)` to `body(count - 1)` at once, each on such a fiber of one thread, and gives the wall time
// until the last has ended. Hands on what the first of them throws. Catch's assertions belong before or
// after: they don't know of fibers.
// `own`: the thread_local variables that each has for itself.
runtime::Duration on_request_fibers(int count, const std::function<void(int)>& body,
                                    const runtime::ThreadLocalImage* own = nullptr);

// The same for different bodies.
runtime::Duration on_request_fibers(const std::vector<std::function<void()>>& bodies,
                                    const runtime::ThreadLocalImage* own = nullptr);
