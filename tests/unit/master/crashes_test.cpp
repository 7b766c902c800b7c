// What becomes of workers that die or hang while they serve.
#include <signal.h>

#include <filesystem>
#include <string>

#include "catch.hpp"
#include "observe/request_board.hpp"
#include "supervised.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

TEST_CASE("a worker that crashes is named with its requests and replaced at its index") {
  Supervised server(settings(2), [](master::Seat seat) {
    if (seat.index == 1) {
      observe::RequestBoard board(seat.slot);
      board.begin("slow", "GET", "/slow", 5);
      board.running(board.begin("crash", "GET", "/crash", 7));
    }
    return serve(std::move(seat));
  });
  server.wait_for_worker(0, 1);
  const pid_t worker = server.wait_for_worker(1, 1);
  server.wait_for("Generation 1 is serving");
  ::kill(worker, SIGSEGV);
  const std::string id = std::to_string(worker);
  const std::string line = server.wait_for("Worker (pid:" + id + ")");
  CHECK(line.find("[ERROR] Worker (pid:" + id +
                  ") was killed by SIGSEGV while plugin crash ran GET /crash [" + id +
                  "-7]; 1 more request was in flight: slow GET /slow [" + id + "-5]") != std::string::npos);
  CHECK(server.wait_for_worker(1, 1) != worker);
  CHECK_FALSE(server.has_logged("has failed again"));
}

TEST_CASE("a worker that leaves by itself is named with its code and replaced") {
  Supervised server(settings(1), [](master::Seat seat) {
    report_ready(seat);
    return 7;
  });
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("Worker (pid:" + std::to_string(worker) + ") exited with code 7");
  server.wait_for_worker(0, 1);
}

TEST_CASE("a worker that dies again and again is started less and less often") {
  Supervised server(settings(1), [](master::Seat seat) {
    report_ready(seat);
    return crash(SIGKILL);
  });
  server.wait_for("was killed by SIGKILL");
  server.wait_for_worker(0, 1);  // the first time at once
  server.wait_for("was killed by SIGKILL");
  server.wait_for("Worker index 0 has failed again: it is started in 100ms");
  server.wait_for_worker(0, 1);
  server.wait_for("Worker index 0 has failed again: it is started in 200ms");
  server.wait_for_worker(0, 1);
  server.wait_for("Worker index 0 has failed again: it is started in 400ms");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a worker whose loop is held up is named with its request, killed and replaced") {
  auto impatient = settings(1);
  impatient.timeout = 400ms;
  Supervised server(impatient, [](master::Seat seat) {
    observe::RequestBoard board(seat.slot);
    board.running(board.begin("spin", "GET", "/spin", 3));
    report_ready(seat);
    seat.slot.waiting = false;
    return hang();
  });
  const pid_t worker = server.wait_for_worker(0, 1);
  const std::string id = std::to_string(worker);
  const std::string line = server.wait_for("WORKER TIMEOUT (pid:" + id + ")");
  CHECK(line.find("has not turned for 400ms while plugin spin ran GET /spin [" + id + "-3]") !=
        std::string::npos);
  CHECK(server.wait_for_worker(0, 1) != worker);
}

TEST_CASE("a held-up worker that survives SIGABRT is killed a second later") {
  auto impatient = settings(1);
  impatient.timeout = 400ms;
  Supervised server(impatient, [](master::Seat seat) {
    ::signal(SIGABRT, SIG_IGN);
    report_ready(seat);
    seat.slot.waiting = false;
    return hang();
  });
  server.wait_for("WORKER TIMEOUT");
  server.wait_for("does not end and is killed");
  server.wait_for("Worker exiting");
}

TEST_CASE("a worker that waits for events, or turns, is left alone") {
  auto impatient = settings(2);
  impatient.timeout = 400ms;
  Supervised server(impatient, [](master::Seat seat) {
    if (seat.index == 0) return serve(std::move(seat));
    report_ready(seat);
    seat.slot.waiting = false;
    return hang();
  });
  const pid_t idle = server.wait_for_worker(0, 1);
  const pid_t held_up = server.wait_for_worker(1, 1);
  server.wait_for("WORKER TIMEOUT (pid:" + std::to_string(held_up) + ")");
  server.wait_for("WORKER TIMEOUT");  // of the one that replaced it
  CHECK(lives(idle));
  CHECK_FALSE(server.has_logged("WORKER TIMEOUT (pid:" + std::to_string(idle) + ")"));
}

TEST_CASE("a worker that can't boot in place of one that died is tried again, less and less often") {
  const TemporaryFolder folder;
  const std::string broken = folder / "broken";
  Supervised server(settings(1), [=](master::Seat seat) {
    if (!std::filesystem::exists(broken)) return serve(std::move(seat));
    return fail_boot(std::move(seat), base::ExitCode::plugin_load, "no database");
  });
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("Generation 1 is serving");
  folder.write("broken", "");
  ::kill(worker, SIGKILL);
  server.wait_for("could not boot: no database");
  server.wait_for("it is started in 100ms");
  server.wait_for("could not boot: no database");
  std::filesystem::remove(broken);
  const pid_t healthy = server.wait_for_worker(0, 1);
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged("Worker exiting (pid: " + std::to_string(healthy) + ")"));
}
