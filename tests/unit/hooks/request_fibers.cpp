#include "request_fibers.hpp"

#include <exception>

#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"

runtime::Duration on_request_fibers(const std::vector<std::function<void()>>& bodies,
                                    const runtime::ThreadLocalImage* own) {
  runtime::PluginCode::enabled = true;
  std::exception_ptr thrown;
  runtime::Duration time{};
  on_worker_thread([&](WorkerThread& worker) {
    const auto start = runtime::Clock::now();
    std::size_t running = bodies.size();
    runtime::ParkingSpot ended;
    for (const auto& body : bodies) {
      runtime::spawn(worker.stacks, [&] {
        try {
          runtime::ThreadState state(worker.reactor, worker.pools, own);
          const runtime::PluginCode code(state);
          body();
          state.end();
        } catch (...) {
          if (!thrown) thrown = std::current_exception();
        }
        if (--running == 0) ended.unpark();
      });
    }
    while (running > 0) ended.park_until();
    time = runtime::Clock::now() - start;
  });
  if (thrown) std::rethrow_exception(thrown);
  return time;
}

runtime::Duration on_request_fibers(int count, const std::function<void(int)>& body,
                                    const runtime::ThreadLocalImage* own) {
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < count; ++i) bodies.emplace_back([&body, i] { body(i); });
  return on_request_fibers(bodies, own);
}
