// As many workers as were asked for, whatever becomes of them.
#include <signal.h>

#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

TEST_CASE("a worker that is killed is replaced in its place") {
  Server server;
  server.start_with({"probe.so"});
  const pid_t first = server.booted_workers().at(0);
  ::kill(first, SIGKILL);
  server.wait_for("was killed by SIGKILL");
  server.wait_for("Booting worker");
  CHECK(server.get("/pid") != std::to_string(first));
  CHECK(server.get("/index") == "0");
  CHECK(server.get("/generation") == "1");
}

TEST_CASE("TTIN starts a worker more and TTOU retires one, but never the last") {
  Server server;
  server.start_with({"probe.so"});
  server.signal(SIGTTIN);
  server.wait_for("Workers wanted: 2");
  server.wait_for("Booting worker");
  server.signal(SIGTTOU);
  server.wait_for("Workers wanted: 1");
  server.wait_for("Worker exiting");
  server.signal(SIGTTOU);
  server.wait_for("Workers wanted: 1");
  CHECK(server.get("/index") == "0");
  CHECK(server.count_logged("Worker exiting") == 1);
}

TEST_CASE("a reload goes back to the number of workers that is configured") {
  Server server;
  server.start_with({"probe.so"});
  server.signal(SIGTTIN);
  server.wait_for("Booting worker");
  server.signal(SIGHUP);
  server.wait_for("Worker exiting");
  server.wait_for("Worker exiting");
  CHECK(server.booted_workers().size() == 3);
  CHECK(server.get("/index") == "0");
}

TEST_CASE("a worker whose loop stands still is named with its request and replaced") {
  Server server;
  server.start_with({"probe.so"}, {"--timeout", "500ms"});
  HttpClient client = server.connect();
  client.send(get_request("/spin?time=60"));
  const std::string line = server.wait_for("WORKER TIMEOUT");
  CAPTURE(line);
  CHECK(line.find("probe") != std::string::npos);
  CHECK(line.find("GET /spin") != std::string::npos);
  server.wait_for("Booting worker");
  CHECK(server.get("/index") == "0");
}

TEST_CASE("requests that sleep do not count as a loop that stands still") {
  Server server;
  server.start_with({"probe.so"}, {"--timeout", "400ms"});
  HttpClient client = lingering(server, "1.5");
  CHECK(ends_well(client));
  CHECK_FALSE(server.has_logged("WORKER TIMEOUT"));
}

TEST_CASE("a worker that works off many requests at once is not taken for one that stands still") {
  Server server;
  server.start_with({"probe.so"}, {"--timeout", "1s"});
  std::vector<HttpClient> clients;
  for (int i = 0; i < 16; ++i) clients.push_back(server.connect());
  for (HttpClient& client : clients) client.send(get_request("/spin?time=0.1"));
  for (HttpClient& client : clients) CHECK(client.receive().body == "spun");
}

TEST_CASE("four workers have the indexes 0 to 3") {
  Server server;
  server.start_with({"probe.so"}, {"--workers", "4"});
  CHECK(server.booted_workers().size() == 4);
  for (const char* index : {"index 0", "index 1", "index 2", "index 3"}) CHECK(server.has_logged(index));
}
