#include "observe/scoreboard.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "catch.hpp"

using observe::Scoreboard;

TEST_CASE("what a worker notes in its slot is there when the worker is gone") {
  Scoreboard scoreboard(4);
  scoreboard[2].clear();
  const pid_t worker = ::fork();
  if (worker == 0) {
    scoreboard[2].turns = 41;
    observe::note(scoreboard[2].booting, sizeof scoreboard[2].booting, "slow");
    ::_exit(0);
  }
  REQUIRE(::waitpid(worker, nullptr, 0) == worker);
  CHECK(scoreboard[2].turns == 41);
  CHECK(observe::read_note(scoreboard[2].booting, sizeof scoreboard[2].booting) == "slow");
  CHECK(scoreboard[1].turns == 0);
}

TEST_CASE("a cleared slot tells nothing of its last worker") {
  Scoreboard scoreboard(1);
  observe::WorkerSlot& slot = scoreboard[0];
  slot.turns = 9;
  slot.waiting = true;
  slot.running = 3;
  slot.reached = 4;
  slot.overflow = 5;
  slot.crashed_elsewhere = true;
  observe::note(slot.booting, sizeof slot.booting, "slow");
  slot.clear();
  CHECK(slot.turns == 0);
  CHECK_FALSE(slot.waiting);
  CHECK(slot.running == observe::WorkerSlot::kNone);
  CHECK(slot.reached == 0);
  CHECK(slot.overflow == 0);
  CHECK_FALSE(slot.crashed_elsewhere);
  CHECK(observe::read_note(slot.booting, sizeof slot.booting).empty());
}

TEST_CASE("a note is cut to its field and can be read without an end") {
  char field[4] = {'x', 'x', 'x', 'x'};
  CHECK(observe::read_note(field, sizeof field) == "xxxx");
  observe::note(field, sizeof field, "hello");
  CHECK(observe::read_note(field, sizeof field) == "hel");
  observe::note(field, sizeof field, "");
  CHECK(observe::read_note(field, sizeof field).empty());
}
