#include "observe/request_board.hpp"

#include <set>
#include <string>

#include "catch.hpp"
#include "observe/scoreboard.hpp"

using observe::read_note;
using observe::RequestBoard;
using observe::WorkerSlot;

namespace {

// One slot, as a worker finds it.
struct Seat {
  Seat() { slot.clear(); }
  observe::Scoreboard scoreboard{1};
  WorkerSlot& slot = scoreboard[0];
};

}  // namespace

TEST_CASE("a request is on the board from its begin to its end") {
  Seat seat;
  RequestBoard board(seat.slot);
  const int entry = board.begin("slow", "GET", "/slow", 7);
  REQUIRE(entry >= 0);
  const auto& request = seat.slot.requests[static_cast<std::size_t>(entry)];
  CHECK(request.used == 1);
  CHECK(request.number == 7);
  CHECK(read_note(request.plugin, sizeof request.plugin) == "slow");
  CHECK(read_note(request.method, sizeof request.method) == "GET");
  CHECK(read_note(request.path, sizeof request.path) == "/slow");
  board.end(entry);
  CHECK(request.used == 0);
}

TEST_CASE("long names are cut to fit the board") {
  Seat seat;
  RequestBoard board(seat.slot);
  const int entry = board.begin(std::string(500, 'p'), "PROPPATCH", std::string(9000, '/'), 1);
  const auto& request = seat.slot.requests[static_cast<std::size_t>(entry)];
  CHECK(read_note(request.plugin, sizeof request.plugin) == std::string(sizeof request.plugin - 1, 'p'));
  CHECK(read_note(request.method, sizeof request.method) == "PROPPAT");
  CHECK(read_note(request.path, sizeof request.path) == std::string(sizeof request.path - 1, '/'));
}

TEST_CASE("each request in flight has an entry of its own, and the full board names no more") {
  Seat seat;
  RequestBoard board(seat.slot);
  std::set<int> entries;
  for (std::uint32_t i = 0; i < WorkerSlot::kNamed; ++i) entries.insert(board.begin("p", "GET", "/", i));
  CHECK(entries.size() == WorkerSlot::kNamed);
  CHECK(entries.count(RequestBoard::kUnnamed) == 0);
  CHECK(board.begin("p", "GET", "/", 0) == RequestBoard::kUnnamed);

  board.end(RequestBoard::kUnnamed);
  CHECK(board.begin("p", "GET", "/", 0) == RequestBoard::kUnnamed);
  board.end(17);
  CHECK(board.begin("p", "GET", "/", 0) == 17);
}

TEST_CASE("requests that come one by one share one entry") {
  Seat seat;
  RequestBoard board(seat.slot);
  for (std::uint32_t i = 0; i < 5000; ++i) board.end(board.begin("p", "GET", "/", i));
  CHECK(seat.slot.reached == 1);
}

TEST_CASE("the board says whose fiber runs") {
  Seat seat;
  RequestBoard board(seat.slot);
  const int entry = board.begin("p", "GET", "/", 1);
  CHECK(seat.slot.running == WorkerSlot::kNone);
  board.running(entry);
  CHECK(seat.slot.running == entry);
  board.running(RequestBoard::kUnnamed);
  CHECK(seat.slot.running == WorkerSlot::kNone);
}
