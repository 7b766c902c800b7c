// TERM lets requests end, a second one and INT and QUIT do not wait, and no worker outlives its master.
#include <signal.h>

#include <system_error>

#include "catch.hpp"
#include "load.hpp"
#include "requests.hpp"
#include "server.hpp"

using namespace std::chrono_literals;

TEST_CASE("TERM answers the request in flight, and the server ends with code 0") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = lingering(server, "0.5");
  server.signal(SIGTERM);
  CHECK(ends_well(client));
  CHECK(server.wait_for_exit() == 0);
  server.wait_until_all_gone();
  CHECK(server.has_logged("Handling signal: term"));
  CHECK(server.has_logged("Worker exiting"));
  CHECK(server.has_logged("stopped in order"));
  CHECK(server.has_logged("Shutting down: Master"));
}

TEST_CASE("after TERM nobody new is let in") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = lingering(server, "1");
  server.signal(SIGTERM);
  server.wait_for("Handling signal: term");
  CHECK(client.receive_until("0\r\n\r\n").find("ended") != std::string::npos);
  server.wait_for_exit();
  CHECK_THROWS_AS(server.connect(), std::system_error);
}

TEST_CASE("who comes while the last requests end is refused instead of left waiting") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = lingering(server, "60");
  server.signal(SIGTERM);
  bool refused = false;
  for (const Deadline deadline; !refused && deadline.milliseconds_left() > 0;) {
    try {
      server.connect();
    } catch (const std::system_error&) {
      refused = true;
    }
  }
  CHECK(refused);
  CHECK_FALSE(server.has_logged("Worker exiting"));
  server.signal(SIGTERM);
  server.wait_for("in flight: probe GET /linger");
}

TEST_CASE("TERM closes idle connections in order and does not wait for them") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient idle = server.connect();
  idle.get("/index");
  server.signal(SIGTERM);
  CHECK(idle.is_closed_by_server());
  CHECK(server.wait_for_exit(10s) == 0);
}

TEST_CASE("TERM hurries a worker that a reload has retired") {
  Server server;
  server.start_with({"probe.so"}, {"--graceful-timeout", "600s"});
  HttpClient idle = server.connect();
  idle.get("/index");
  server.reload();
  server.signal(SIGTERM);
  CHECK(idle.is_closed_by_server());
  CHECK(server.wait_for_exit(10s) == 0);
}

TEST_CASE("a request that was sent before TERM is answered") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = server.connect();
  client.send(get_request("/index"));
  server.signal(SIGTERM);
  CHECK(client.receive().body == "0");
}

TEST_CASE("a second TERM does not wait for requests") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = lingering(server, "60");
  server.signal(SIGTERM);
  server.wait_for("Handling signal: term");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit(10s) == 0);
  CHECK_THROWS_AS(client.receive_until("ended"), CutOff);
}

TEST_CASE("INT and QUIT do not wait for requests") {
  for (const int signal : {SIGINT, SIGQUIT}) {
    Server server;
    server.start_with({"probe.so"});
    HttpClient client = lingering(server, "60");
    server.signal(signal);
    CHECK(server.wait_for_exit(10s) == 0);
    server.wait_until_all_gone();
  }
}

TEST_CASE("a request that outlasts the graceful timeout is named and cut") {
  Server server;
  server.start_with({"probe.so"}, {"--graceful-timeout", "300ms"});
  HttpClient client = lingering(server, "60");
  server.signal(SIGTERM);
  CHECK(server.wait_for("has not drained within 300ms").find("GET /linger") != std::string::npos);
  CHECK(server.wait_for_exit(10s) == 0);
}

TEST_CASE("TERM ends a server whose plugin hangs in its start") {
  Server server;
  server.put_plugin("hangs_in_start.so", "hangs_in_start.so");
  server.launch({"--plugin", "hangs_in_start.so", "--bind", "127.0.0.1:0"});
  server.wait_for("Booting worker");
  server.signal(SIGTERM);
  server.wait_for_exit(10s);
  server.wait_until_all_gone();
}

TEST_CASE("workers end by themselves when their master is killed") {
  Server server;
  server.start_with({"probe.so"}, {"--workers", "2"});
  server.signal(SIGKILL);
  CHECK(server.wait_for_exit() == 128 + SIGKILL);
  server.wait_until_all_gone();
}
