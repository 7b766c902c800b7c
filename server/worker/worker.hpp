// A worker's life: boot, serve, drain, exit. One process, one thread, one reactor that is also the fiber
// scheduler. Members stand in the order in which they must outlive each other.
#pragma once

#include <optional>

#include "base/signal_fd.hpp"
#include "hooks/reach.hpp"
#include "http/server.hpp"
#include "observe/request_board.hpp"
#include "observe/worker_report.hpp"
#include "plugin/application.hpp"
#include "runtime/offload.hpp"
#include "runtime/reactor.hpp"
#include "runtime/stacks.hpp"
#include "runtime/timer.hpp"
#include "runtime/watch.hpp"
#include "worker/access_logger.hpp"
#include "worker/assignment.hpp"
#include "worker/readiness.hpp"
#include "worker/watchdog.hpp"

namespace worker {

class Worker {
 public:
  // Makes the calling thread a worker's: its fibers are scheduled by the reactor from now on. Throws
  // std::system_error. One a process.
  explicit Worker(Assignment assignment);

  // Loads the plugins and runs their starts. What is reported when one of them fails has its reason. [worker,
  // may suspend]
  observe::WorkerReport boot();

  // Serves until it is told to drain, and has drained; then runs the plugins' stops. [worker, may suspend]
  void serve();

  // Tells the master how the boot went.
  void report(const observe::WorkerReport& report);

  // Has the master put another worker in this one's place, and log why: that one boots first, then this one
  // drains, and is killed if it takes longer than the graceful timeout. [worker]
  void ask_for_replacement(const std::string& reason);

 private:
  // Calls a member when a descriptor becomes readable.
  class Ear final : public runtime::ReadinessObserver {
   public:
    Ear(Worker& worker, int fd, void (Worker::*hear)());

   private:
    void on_readable() override { (worker_.*hear_)(); }

    Worker& worker_;
    void (Worker::*const hear_)();
    runtime::Watch watch_;
  };

  void check_reach(const plugin::Plugin& plugin);
  void hear_signals();
  void hear_master();
  void obey(observe::Order order);

  Assignment assignment_;
  runtime::Reactor reactor_;
  runtime::Stacks stacks_;
  runtime::Pools pools_;
  plugin::Surroundings surroundings_;
  observe::RequestBoard board_;
  plugin::Application application_;
  hooks::Reach reach_;
  Readiness readiness_;
  AccessLogger access_logger_;
  http::Server server_;
  Watchdog watchdog_;

  base::SignalFd signals_;
  std::optional<Ear> signal_ear_;
  std::optional<Ear> master_ear_;
  runtime::Timer patience_;  // with requests in flight, once the master is gone
};

}  // namespace worker
