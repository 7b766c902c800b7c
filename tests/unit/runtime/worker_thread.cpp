#include "worker_thread.hpp"

#include <boost/fiber/operations.hpp>
#include <exception>
#include <thread>

#include "runtime/scheduler.hpp"

void on_worker_thread(const std::function<void(WorkerThread&)>& body) {
  // Boost.Fiber ends a thread's scheduler after the thread's function, so what that uses outlives the thread.
  WorkerThread worker;
  std::exception_ptr thrown;
  std::thread([&] {
    boost::fibers::use_scheduling_algorithm<runtime::Scheduler>(worker.reactor, worker.all_stacks);
    try {
      runtime::run_on_fiber(worker.stacks, [&] { body(worker); });
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
}
