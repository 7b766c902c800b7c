#include "master/pulse.hpp"

#include "catch.hpp"
#include "observe/scoreboard.hpp"

namespace {

struct Worker {
  Worker() { slot.clear(); }
  unsigned look() { return pulse.look(slot); }
  observe::Scoreboard scoreboard{1};
  observe::WorkerSlot& slot = scoreboard[0];
  master::Pulse pulse;
};

}  // namespace

TEST_CASE("a loop that neither waits nor turns is held up") {
  Worker worker;
  CHECK(worker.look() == 0);  // nothing to compare with yet
  CHECK(worker.look() == 1);
  CHECK(worker.look() == 2);
}

TEST_CASE("a loop that turns is not held up, however busy") {
  Worker worker;
  for (int i = 0; i < 10; ++i) {
    ++worker.slot.turns;
    CHECK(worker.look() == 0);
  }
}

TEST_CASE("a loop that waits for events is not held up, however long") {
  Worker worker;
  worker.slot.waiting = true;
  for (int i = 0; i < 10; ++i) CHECK(worker.look() == 0);
}

TEST_CASE("a loop that turns again is forgiven") {
  Worker worker;
  for (int i = 0; i < 4; ++i) worker.look();
  ++worker.slot.turns;
  CHECK(worker.look() == 0);
  CHECK(worker.look() == 1);
}
