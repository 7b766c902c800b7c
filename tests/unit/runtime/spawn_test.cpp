#include "runtime/spawn.hpp"

#include <stdexcept>
#include <string>

#include "catch.hpp"
#include "worker_thread.hpp"

TEST_CASE("what a fiber throws reaches the one that waits for its end") {
  on_worker_thread([](WorkerThread& worker) {
    std::string caught;
    try {
      runtime::run_on_fiber(worker.stacks, [] {
        runtime::yield();
        throw std::runtime_error("thrown on the fiber");
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    CHECK(caught == "thrown on the fiber");
  });
}
