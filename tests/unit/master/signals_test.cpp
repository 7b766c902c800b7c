// What the operator's other signals do.
#include <poll.h>
#include <signal.h>

#include <array>
#include <string>

#include "base/signal_fd.hpp"
#include "catch.hpp"
#include "observe/request_board.hpp"
#include "supervised.hpp"

using namespace std::chrono_literals;

namespace {

// Serves, and hears neither TERM nor QUIT.
int stay(master::Seat seat) {
  observe::RequestBoard board(seat.slot);
  board.begin("slow", "GET", "/slow", 1);
  report_ready(seat);
  return hang();
}

}  // namespace

TEST_CASE("INT and QUIT end the server quickly") {
  const int number = GENERATE(SIGINT, SIGQUIT);
  Supervised server(settings(2), serve);
  server.wait_for("Generation 1 is serving");
  server.signal(number);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged("Shutting down: Master"));
}

TEST_CASE("a worker that does not drain within the graceful timeout is named with its requests and killed") {
  auto impatient = settings(1);
  impatient.graceful_timeout = 100ms;
  Supervised server(impatient, stay);
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGTERM);
  const std::string id = std::to_string(worker);
  const std::string line = server.wait_for("has not drained");
  CHECK(line.find("Worker (pid:" + id +
                  ") has not drained within 100ms with 1 request in flight: slow GET /slow [" + id + "-1]") !=
        std::string::npos);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged("Worker (pid:" + id + ") does not end and is killed"));
}

TEST_CASE("a second TERM makes a graceful stop quick") {
  Supervised server(settings(1), stay);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGTERM);
  server.wait_for("Handling signal: term");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);  // the graceful timeout of 30 s is longer than this waits
}

TEST_CASE("TERM hurries workers that drain already") {
  Supervised server(settings(2), [](master::Seat seat) {
    constexpr std::array kTerm = {SIGTERM};
    if (seat.index == 0) return serve(std::move(seat));
    // Takes all of the graceful timeout, unless the server stops.
    const base::SignalFd signals(kTerm);
    report_ready(seat);
    pollfd source{signals.fd(), POLLIN, 0};
    ::poll(&source, 1, -1);
    return 0;
  });
  server.wait_for("Generation 1 is serving");
  server.signal(SIGTTOU);
  server.wait_for("Workers wanted: 1");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK_FALSE(server.has_logged("has not drained"));
}

TEST_CASE("a server that is still starting stops at once") {
  Supervised server(settings(2), [](master::Seat) { return hang(); });
  server.wait_for_worker(0, 1);
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a worker that has drained is not replaced in a stop") {
  Supervised server(settings(3), serve);
  server.wait_for("Generation 1 is serving");
  const auto booted = server.log().size();
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.log().find("Booting", booted) == std::string::npos);
}

TEST_CASE("TTIN adds a worker and TTOU takes the last one away") {
  Supervised server(settings(1), serve);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGTTIN);
  server.wait_for("Workers wanted: 2");
  const pid_t second = server.wait_for_worker(1, 1);
  server.signal(SIGTTOU);
  server.wait_for("Workers wanted: 1");
  server.wait_for("Worker exiting (pid: " + std::to_string(second) + ")");
  server.signal(SIGTTIN);
  CHECK(server.wait_for_worker(1, 1) != second);
}

TEST_CASE("TTOU never takes the last worker away") {
  Supervised server(settings(1), serve);
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGTTOU);
  server.wait_for("Workers wanted: 1");
  CHECK(lives(worker));
  CHECK_FALSE(server.has_logged("Worker exiting"));
}

TEST_CASE("signals that have no meaning here leave the server serving") {
  const int number = GENERATE(SIGUSR1, SIGUSR2);
  Supervised server(settings(1), serve);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGWINCH);
  server.signal(number);
  server.wait_for("Handling signal: usr");
  server.wait_for("has no effect");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}
