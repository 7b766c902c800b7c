// A plugin that takes its worker down takes that worker's requests along, and nothing else.
#include <signal.h>

#include <optional>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// Asks for something that costs the worker its life.
void crash(const Server& server, const std::string& target) {
  HttpClient victim = server.connect();
  victim.send(get_request(target));
  CHECK_THROWS_AS(victim.receive(), CutOff);
}

bool has(const std::string& line, const std::string& text) { return line.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("a crash is logged with its signal, plugin and request, and the worker is replaced") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/segfault");
  const std::string line = server.wait_for("was killed by");
  CAPTURE(line);
  CHECK(has(line, "SIGSEGV"));
  CHECK(has(line, "plugin crash"));
  CHECK(has(line, "GET /segfault"));
  server.wait_for("Booting worker");
  CHECK(server.get("/well") == "well");
}

TEST_CASE("a crash is logged with its stack, the plugin's frames alone") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/segfault");
  CHECK(has(server.wait_for("SIGSEGV while plugin crash ran GET /segfault"), "the stack:"));
  const std::string frame = server.wait_for("#0");
  CAPTURE(frame);
  CHECK(has(frame, "segfault(appserver::Request&)"));
  CHECK(has(frame, "crash.cpp:"));
  CHECK(has(frame, "(crash.so)"));
  server.wait_for("was killed by SIGSEGV");
  CHECK_FALSE(server.has_logged("(appserver)"));
}

TEST_CASE("after a crash nothing is said of what was over before") {
  Server server;
  server.start_with({"blocking.so", "crash.so"});
  server.get("/compute?time=0.3");
  crash(server, "/segfault");
  server.wait_for("was killed by");
  const std::string log = server.output();
  CAPTURE(log);
  const auto crashed = log.find("SIGSEGV while plugin crash");
  REQUIRE(crashed != std::string::npos);
  CHECK(log.find("turns again", crashed) == std::string::npos);
}

TEST_CASE("a crash on a stack that can't be walked to its end keeps its signal") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/smash");
  server.wait_for("smash()");
  CHECK(has(server.wait_for("was killed by"), "SIGABRT"));
}

TEST_CASE("a crash of a plugin's own thread ends the worker at once") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/thread");
  const std::string line = server.wait_for("was killed by");
  CHECK(has(line,
            "SIGABRT on a thread that a plugin had started, or offload() for it, with 1 request in flight"));
  CHECK_FALSE(server.has_logged("the stack:"));
}

TEST_CASE("a crash names the other requests that were in flight") {
  Server server;
  server.start_with({"crash.so", "probe.so"});
  HttpClient bystander = lingering(server, "60");
  crash(server, "/abort");
  const std::string line = server.wait_for("was killed by SIGABRT");
  CAPTURE(line);
  CHECK(has(line, "GET /abort"));
  CHECK(has(line, "GET /linger"));
  CHECK_THROWS_AS(bystander.receive_until("ended"), CutOff);
}

TEST_CASE("a plugin that ends its process is named too") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/exit");
  CHECK(has(server.wait_for("exited with code 7"), "GET /exit"));
  CHECK(server.get("/well") == "well");
}

TEST_CASE("a plugin that calls exit() does not leave its request hanging") {
  Server server;
  server.start_with({"crash.so"});
  crash(server, "/quit");
  server.wait_for("exit() was called");
  CHECK(has(server.wait_for("exited with code"), "GET /quit"));
  CHECK(server.get("/well") == "well");
}

TEST_CASE("a worker that crashes again and again is started ever later") {
  Server server;
  server.start_with({"crash.so"});
  for (int i = 0; i < 3; ++i) crash(server, "/abort");
  CHECK(has(server.wait_for("has failed again"), "100ms"));
  CHECK(has(server.wait_for("has failed again"), "200ms"));
  CHECK(server.get("/well") == "well");
}

TEST_CASE("a stack overflow is named, with its remedy, and costs one worker alone") {
  Server server;
  server.start_with({"blocking.so", "probe.so"}, {"--workers", "2"});
  HttpClient bystander = server.connect();
  const std::string spared = bystander.get("/pid").body;
  std::optional<HttpClient> victim;
  do victim.emplace(server.connect());
  while (victim->get("/pid").body == spared);

  bystander.send(get_request("/linger?time=1"));
  bystander.receive_until("begun");
  victim->send(get_request("/overflow"));
  CHECK_THROWS_AS(victim->receive(), CutOff);
  const std::string line = server.wait_for("was killed by");
  CAPTURE(line);
  CHECK(has(line, "SIGSEGV while plugin blocking ran GET /overflow ["));
  CHECK(has(line, "overflowed its stack of 256K"));
  CHECK(has(line, "stack_size"));
  CHECK(server.has_logged("recurse(int)"));
  CHECK(ends_well(bystander));
  server.signal(SIGTERM);
  server.wait_until_all_gone();
  CHECK(server.booted_workers().size() == 3);
}

TEST_CASE("one worker's crash leaves the requests of another alone") {
  Server server;
  server.start_with({"probe.so"}, {"--workers", "2"});
  HttpClient one = server.connect();
  const pid_t other = [&] {
    const pid_t mine = std::stoi(one.get("/pid").body);
    const auto all = server.booted_workers();
    return all[0] == mine ? all[1] : all[0];
  }();
  one.send(get_request("/linger?time=0.5"));
  one.receive_until("begun");
  ::kill(other, SIGKILL);
  server.wait_for("was killed by SIGKILL");
  CHECK(ends_well(one));
}
