#include "worker/loop_watch.hpp"

#include "catch.hpp"

namespace {

using namespace std::chrono_literals;
using Change = worker::LoopWatch::Change;

// A worker's pulse, and a watch that looks at it every 25 ms for a loop that is blocked for 100 ms.
struct Worker {
  Worker() { slot.clear(); }
  Change look() { return watch.look(slot, now += 25ms); }
  Change looks(int count) {
    Change last = Change::none;
    while (count-- > 0) last = look();
    return last;
  }
  observe::Scoreboard scoreboard{1};
  observe::WorkerSlot& slot = scoreboard[0];
  worker::LoopWatch watch{100ms};
  base::TimePoint now{};
};

}  // namespace

TEST_CASE("a loop that does not turn for the limit is blocked, and is told of once") {
  Worker worker;
  worker.slot.turns = 7;
  worker.look();
  CHECK(worker.looks(3) == Change::none);
  CHECK(worker.look() == Change::blocked);
  CHECK(worker.watch.length() == 100ms);
  CHECK(worker.watch.turns() == 7);
  for (int i = 0; i < 100; ++i) CHECK(worker.look() == Change::none);
}

TEST_CASE("the end of an incident is told of with its whole length") {
  Worker worker;
  worker.look();
  worker.looks(20);
  ++worker.slot.turns;
  CHECK(worker.look() == Change::unblocked);
  CHECK(worker.watch.length() == 525ms);
  CHECK(worker.look() == Change::none);
}

TEST_CASE("a loop that goes to wait for events ends an incident too") {
  Worker worker;
  worker.look();
  CHECK(worker.looks(4) == Change::blocked);
  worker.slot.waiting = true;
  CHECK(worker.look() == Change::unblocked);
}

TEST_CASE("an incident that follows another at once is one of its own") {
  Worker worker;
  worker.look();
  worker.looks(10);
  ++worker.slot.turns;
  CHECK(worker.look() == Change::unblocked);
  CHECK(worker.looks(3) == Change::none);
  CHECK(worker.look() == Change::blocked);
  CHECK(worker.watch.length() == 100ms);
}

TEST_CASE("a loop that turns, or waits, is never blocked") {
  Worker worker;
  for (int i = 0; i < 100; ++i) {
    ++worker.slot.turns;
    CHECK(worker.look() == Change::none);
  }
  worker.slot.waiting = true;
  for (int i = 0; i < 100; ++i) CHECK(worker.look() == Change::none);
}

TEST_CASE("a shorter hold than the limit is not told of") {
  Worker worker;
  for (int i = 0; i < 20; ++i) {
    ++worker.slot.turns;
    CHECK(worker.looks(4) == Change::none);
  }
}
