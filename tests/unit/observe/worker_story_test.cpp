#include "observe/worker_story.hpp"

#include <cstring>

#include "catch.hpp"
#include "observe/request_board.hpp"
#include "observe/scoreboard.hpp"

using observe::worker_story;

namespace {

constexpr pid_t kPid = 123;

struct Seat {
  Seat() { slot.clear(); }
  observe::Scoreboard scoreboard{1};
  observe::WorkerSlot& slot = scoreboard[0];
  observe::RequestBoard board{slot};
};

}  // namespace

TEST_CASE("a worker that was at nothing has no story") {
  Seat seat;
  CHECK(worker_story(seat.slot, kPid).empty());
  seat.board.end(seat.board.begin("hello", "GET", "/hello", 1));
  CHECK(worker_story(seat.slot, kPid).empty());
}

TEST_CASE("the plugin that was starting is named") {
  Seat seat;
  observe::note(seat.slot.booting, sizeof seat.slot.booting, "hang");
  CHECK(worker_story(seat.slot, kPid) == " while plugin hang started");
  CHECK(observe::booting_plugin(seat.slot) == "hang");
}

TEST_CASE("the request that ran is named first, then those in flight") {
  Seat seat;
  seat.board.begin("slow", "GET", "/slow", 5);
  const int running = seat.board.begin("crash", "GET", "/crash", 7);
  seat.board.running(running);
  CHECK(worker_story(seat.slot, kPid) ==
        " while plugin crash ran GET /crash [123-7]; 1 more request was in flight: slow GET /slow [123-5]");

  seat.board.begin("echo", "POST", "/echo", 9);
  CHECK(worker_story(seat.slot, kPid) ==
        " while plugin crash ran GET /crash [123-7]; 2 more requests were in flight: slow GET /slow [123-5], "
        "echo POST /echo [123-9]");
}

TEST_CASE("an overflow is told of where the request is named, with what to do") {
  Seat seat;
  seat.board.running(seat.board.begin("deep", "GET", "/deep", 7));
  seat.board.begin("slow", "GET", "/slow", 5);
  seat.slot.overflow = 256 * 1024;
  CHECK(worker_story(seat.slot, kPid) ==
        " while plugin deep ran GET /deep [123-7] and overflowed its stack of 256K (put large buffers on the "
        "heap, or have the plugin ask for a larger stack_size); 1 more request was in flight: slow GET /slow "
        "[123-5]");
  CHECK(observe::running_story(seat.slot, kPid).ends_with("stack_size)"));

  observe::note(seat.slot.booting, sizeof seat.slot.booting, "deep");
  CHECK(worker_story(seat.slot, kPid).starts_with(" while plugin deep started and overflowed its stack of"));
}

TEST_CASE("requests in flight are named where none ran") {
  Seat seat;
  seat.board.begin("slow", "GET", "/slow", 5);
  CHECK(worker_story(seat.slot, kPid) == " with 1 request in flight: slow GET /slow [123-5]");
}

TEST_CASE("of many requests in flight the first eight are named and the rest are counted") {
  Seat seat;
  for (std::uint32_t i = 1; i <= 11; ++i) seat.board.begin("slow", "GET", "/slow", i);
  const std::string story = worker_story(seat.slot, kPid);
  CHECK(story.find(" with 11 requests in flight: slow GET /slow [123-1]") == 0);
  CHECK(story.find("[123-8] and 3 more") != std::string::npos);
  CHECK(story.find("[123-9]") == std::string::npos);
}

TEST_CASE("a slot that a plugin has scribbled over still reads as something") {
  Seat seat;
  std::memset(static_cast<void*>(&seat.slot), 0x7f, sizeof seat.slot);
  seat.slot.booting[0] = '\0';
  CHECK(worker_story(seat.slot, kPid).find("1024 requests in flight") != std::string::npos);
}
