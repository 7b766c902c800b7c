// Work that a plugin hands to real threads.
#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("while one request computes on a thread, the worker answers the others") {
  Server server;
  server.start_with({"offload.so", "hello.so"});
  HttpClient computing = server.connect();
  computing.send(get_request("/count?time=1"));
  HttpClient other = server.connect();
  const Stopwatch watch;
  for (int i = 0; i < 100; ++i) CHECK(other.get("/hello").status == 200);
  CHECK_FALSE(computing.has_bytes());
  CHECK(watch.seconds() < 0.9);
  CHECK(computing.receive().body == "computed");
  CHECK(server.booted_workers().size() == 1);
}

TEST_CASE("what an offloaded function throws is its handler's to catch, or its request's failure") {
  Server server;
  server.start_with({"offload.so"});
  CHECK(server.get("/caught") == "caught from the thread");
  CHECK(server.fetch("/uncaught").status == 500);
  CHECK(has(server.wait_for("not caught"), "GET /uncaught"));
}

TEST_CASE("an offloaded function that would wait in the server is refused, and the log says so") {
  Server server;
  server.start_with({"offload.so"});
  const std::string answer = server.get("/waits_there?name=Ada");
  CAPTURE(answer);
  CHECK(answer == "Ada: sleeping: Operation not permitted; nested");
  server.wait_for("offload: on a thread");
  server.wait_for("on a thread other than the worker's");
  CHECK(server.get("/caught") == "caught from the thread");
}

TEST_CASE("a plugin can offload while it starts and while it stops") {
  Server server;
  server.start_with({"offload.so"});
  CHECK(server.get("/started") == "computed at the start");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged("computed at the stop"));
}

TEST_CASE("an offloaded function that calls exit() ends its worker, and the next serves on") {
  Server server;
  server.start_with({"offload.so"});
  HttpClient victim = server.connect();
  victim.send(get_request("/exit"));
  CHECK_THROWS_AS(victim.receive(), CutOff);
  server.wait_for("exit() was called");
  server.wait_for("Booting worker");
  CHECK(server.get("/started") == "computed at the start");
}

TEST_CASE("a worker that is told to end at once does not wait for its threads") {
  Server server;
  server.start_with({"offload.so"});
  HttpClient computing = server.connect();
  computing.send(get_request("/count?time=50"));
  CHECK(server.get("/started") == "computed at the start");  // the other is under way
  server.signal(SIGQUIT);
  CHECK(server.wait_for_exit() == 0);
  CHECK_THROWS_AS(computing.receive(), CutOff);
}
