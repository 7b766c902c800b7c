#include "runtime/task.hpp"

#include <string>

#include "catch.hpp"
#include "runtime/parking.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

class Named final : public runtime::Task {
 public:
  Named(char name, std::string& story) : name_(name), story_(story) {}

 private:
  void resumed() noexcept override { story_ += name_; }
  void suspended() noexcept override { story_ += '.'; }

  const char name_;
  std::string& story_;
};

}  // namespace

TEST_CASE("a task is told of each switch, and is current on its own fiber alone") {
  on_worker_thread([](WorkerThread& worker) {
    std::string story;
    Named a('a', story);
    const runtime::Task::Running running_a(a);
    runtime::ParkingSpot spot;
    runtime::spawn(worker.stacks, [&] {
      CHECK(runtime::Task::current() == nullptr);
      Named b('b', story);
      const runtime::Task::Running running_b(b);
      CHECK(runtime::Task::current() == &b);
      spot.unpark();
    });
    spot.park_until();
    CHECK(runtime::Task::current() == &a);
    CHECK(story == "a.b.a");
  });
}
