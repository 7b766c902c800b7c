// What balancers are told, and how long a stop waits until they have heard it.
#include <signal.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

const Server::Words kReadyPath = {"--ready-path", "/ready"};

// With a delay in which the test does all it does.
Server::Words long_delay() { return {"--ready-path", "/ready", "--shutdown-delay", "600s"}; }

// Waits until a balancer is told so.
bool becomes_unready(const Server& server) {
  for (const Deadline deadline; deadline.milliseconds_left() > 0;) {
    if (server.fetch("/ready").status == 503) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a server is ready at the path that is configured, and has no such path otherwise") {
  Server server;
  server.start_with({"probe.so"}, kReadyPath);
  const Answer answer = server.fetch("/ready");
  CHECK(answer.status == 200);
  CHECK(answer.body == "ready\n");
  CHECK(server.connect().request("HEAD", "/ready").status == 200);
  CHECK(server.fetch("/readyy").status == 404);
  Server other;
  other.start_with({"probe.so"});
  CHECK(other.fetch("/ready").status == 404);
}

TEST_CASE(
    "TERM fails readiness for the shutdown delay, in which everybody is served as ever; then it stops") {
  Server server;
  server.start_with({"probe.so"}, {"--ready-path", "/ready", "--shutdown-delay", "1s", "--workers", "2"});
  HttpClient kept = server.connect();
  kept.get("/index");
  const Stopwatch watch;
  server.signal(SIGTERM);
  server.wait_for("Stopping in 1s");
  CHECK(becomes_unready(server));
  CHECK(kept.get("/index").header("connection").empty());
  CHECK(server.fetch("/index").status == 200);
  CHECK(server.wait_for_exit() == 0);
  CHECK(watch.seconds() >= 1);
}

TEST_CASE("a second TERM does not wait for the shutdown delay") {
  Server server;
  server.start_with({"probe.so"}, long_delay());
  server.signal(SIGTERM);
  server.wait_for("Stopping in");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a worker that dies in the shutdown delay is replaced by one that is not ready either") {
  Server server;
  server.start_with({"probe.so"}, long_delay());
  server.signal(SIGTERM);
  server.wait_for("Stopping in");
  ::kill(server.booted_workers().at(0), SIGKILL);
  server.wait_for("Booting worker");
  CHECK(becomes_unready(server));
  server.signal(SIGHUP);
  server.wait_for("is not reloaded");
  CHECK(server.fetch("/index").status == 200);
}

TEST_CASE("an old worker that a reload has retired is as ready as its server") {
  Server server;
  server.start_with({"probe.so"}, kReadyPath);
  HttpClient balancer = server.connect();
  CHECK(balancer.get("/ready").status == 200);
  server.reload();
  CHECK(balancer.get("/ready").status == 200);
}

TEST_CASE("a balancer is answered though all turns are taken and others wait") {
  Server server;
  Server::Words options = kReadyPath;
  options.insert(options.end(), {"--max-concurrent-requests", "1"});
  server.start_with({"probe.so"}, options);
  HttpClient busy = lingering(server, "60");
  HttpClient waiting = server.connect();
  waiting.send(get_request("/index"));
  CHECK(server.fetch("/ready").status == 200);
  HttpClient sly = server.connect();
  sly.send(get_request("/ready") + get_request("/index"));
  CHECK(sly.receive().status == 200);
  CHECK(server.fetch("/ready").status == 200);
  CHECK_FALSE(sly.has_bytes());
  CHECK_FALSE(waiting.has_bytes());
}

TEST_CASE("a path that no request can ask for is refused") {
  for (const char* path : {"ready", "/rea dy", "/ready?now"}) {
    Server server;
    server.put_plugin("probe.so", "probe.so");
    CHECK(server.run({"--plugin", "probe.so", "--ready-path", path}) == 1);
    CHECK(server.has_logged("a path that begins with '/'"));
  }
}
