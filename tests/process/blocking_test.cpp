// Who holds up a worker's loop is told of in the log; who waits as a handler should is not.
#include <signal.h>

#include <thread>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

bool has(const std::string& line, const std::string& text) { return line.find(text) != std::string::npos; }

// The whole log: nothing comes after this.
std::string log_to_the_end(Server& server) {
  server.signal(SIGTERM);
  server.wait_until_all_gone();
  return server.output();
}

}  // namespace

TEST_CASE("a handler that computes for long is named once, with its request and its stack") {
  Server server;
  server.start_with({"blocking.so"});
  const std::string worker = std::to_string(server.booted_workers().at(0));
  server.get("/compute?time=0.3");
  const std::string line = server.wait_for("has been blocked for");
  CAPTURE(line);
  CHECK(has(line, "[WARNING]"));
  CHECK(has(line, "while plugin blocking ran GET /compute [" + worker + "-1]"));
  const std::string frame = server.wait_for("compute_for(");
  CAPTURE(frame);
  CHECK(has(frame, "[" + worker + "] [WARNING]   #"));
  CHECK(has(frame, "(blocking.so)"));
  CHECK(has(server.wait_for("compute(appserver::Request"), "blocking.cpp:"));
  CHECK(has(server.wait_for("turns again"), "ran GET /compute [" + worker + "-1]"));

  log_to_the_end(server);
  CHECK(server.count_logged("has been blocked for") == 1);
  CHECK(server.count_logged("turns again") == 1);
  CHECK_FALSE(server.has_logged("(appserver)"));
}

TEST_CASE("a handler that blocks in the kernel is told of, and each time anew") {
  Server server;
  server.start_with({"blocking.so"});
  for (const char* id : {"-1]", "-2]"}) {
    CHECK(server.get("/block?time=0.3") == "blocked");
    CHECK(has(server.wait_for("has been blocked for"), id));
    server.wait_for("block_in_kernel_for(");
    CHECK(has(server.wait_for("turns again"), id));
  }
}

TEST_CASE("a handler that blocks in every request does not fill the log") {
  Server server;
  server.start_with({"blocking.so"});
  for (int i = 0; i < 5; ++i) {
    server.get("/compute?time=0.2");
    server.wait_for("turns again");
  }
  for (int i = 0; i < 3; ++i) server.get("/compute?time=0.2");
  log_to_the_end(server);
  CHECK(server.count_logged("has been blocked for") == 5);
}

TEST_CASE("a handler that no signal reaches is named without its stack") {
  Server server;
  server.start_with({"blocking.so"});
  CHECK(server.get("/block_signals?time=0.5") == "blocked");
  const std::string line = server.wait_for("has been blocked for");
  CHECK(has(line, "GET /block_signals"));
  CHECK(has(line, "its stack can't be had"));
  server.wait_for("turns again");
}

TEST_CASE("a handler that sleeps, and a worker that has nothing to do, are left alone") {
  Server server;
  server.start_with({"blocking.so"}, {"--max-blocking-time", "200ms"});
  CHECK(server.get("/rest?time=0.7") == "rested");
  CHECK_FALSE(has(log_to_the_end(server), "blocked"));
}

TEST_CASE("with --hooks off two plain sleeps of one worker take turns, and the log names each") {
  Server server;
  server.start_with({"posix_slow.so"}, {"--hooks", "off"});
  HttpClient first = server.connect(), second = server.connect();
  const Stopwatch watch;
  first.send(get_request("/posix_slow?time=0.3"));
  second.send(get_request("/posix_slow?time=0.3"));
  CHECK(first.receive().status == 200);
  CHECK(second.receive().status == 200);
  CHECK(watch.seconds() >= 0.6);
  for (int i = 0; i < 2; ++i) CHECK(has(server.wait_for("has been blocked for"), "GET /posix_slow"));
}

TEST_CASE("a plugin may block in its start") {
  Server server;
  server.write_file("appserver.conf", "[blocking]\nboot = 0.3\n");
  server.start_with({"blocking.so"});
  CHECK_FALSE(has(log_to_the_end(server), "has been blocked"));
}

TEST_CASE("with --max-blocking-time 0 nobody is looked at") {
  Server server;
  server.start_with({"blocking.so"}, {"--max-blocking-time", "0"});
  CHECK(has(server.get("/compute?time=0.3"), "rounds"));
  CHECK_FALSE(has(log_to_the_end(server), "has been blocked"));
}

TEST_CASE("time for which the worker was stopped is not held against its handler") {
  Server server;
  server.start_with({"blocking.so"}, {"--max-blocking-time", "800ms"});
  const pid_t worker = server.booted_workers().at(0);
  HttpClient client = server.connect();
  client.send(get_request("/announce?time=0.3"));
  client.receive_until("begun");
  ::kill(worker, SIGSTOP);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  ::kill(worker, SIGCONT);
  CHECK(ends_well(client));
  CHECK_FALSE(has(log_to_the_end(server), "has been blocked"));
}

TEST_CASE("a worker that is killed for its standstill leaves its stack in the log") {
  Server server;
  server.start_with({"blocking.so"}, {"--timeout", "400ms", "--max-blocking-time", "0"});
  HttpClient client = server.connect();
  client.send(get_request("/compute?time=60"));
  server.wait_for("WORKER TIMEOUT");
  server.wait_for("SIGABRT while plugin blocking ran GET /compute");
  server.wait_for("compute_for(");
}
