// A thread that is scheduled as a worker's is: its fibers and its reactor, for one test.
#pragma once

#include <functional>

#include "runtime/offload.hpp"
#include "runtime/reactor.hpp"
#include "runtime/spawn.hpp"
#include "runtime/stacks.hpp"

struct WorkerThread {
  std::atomic<std::uint64_t> turns{0};
  std::atomic<bool> waiting{false};
  runtime::Reactor reactor{{turns, waiting}};
  runtime::Stacks all_stacks{reactor};
  runtime::StackPool& stacks = all_stacks.usual();
  runtime::Pools pools{reactor};
};

// Runs `body` on a fiber of such a thread, and hands on what it throws.
void on_worker_thread(const std::function<void(WorkerThread&)>& body);
