// SIGHUP: new code without a request lost, and the old code for as long as the new is bad.
#include "catch.hpp"
#include "load.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// A server of version 1 of a plugin, which lies in its folder as app.so.
void start_version_1(Server& server, Server::Words options = {}) {
  server.put_plugin("app.so", "version_1.so");
  options.insert(options.end(), {"--plugin", "app.so"});
  server.start(options);
}

// Asks for a reload that must be refused for `reason`; afterwards one that must not be.
void check_refusal(Server& server, const std::string& reason) {
  server.signal(SIGHUP);
  const std::string refusal = server.wait_for("Reload refused");
  CAPTURE(refusal);
  CHECK(refusal.find(reason) != std::string::npos);
  CHECK(server.get("/version") == "1");

  server.put_plugin("app.so", "version_2.so");
  server.reload();
  CHECK(server.get("/version") == "2");
}

}  // namespace

TEST_CASE("SIGHUP serves the new version of a plugin") {
  Server server;
  start_version_1(server);
  CHECK(server.get("/version") == "1");
  server.put_plugin("app.so", "version_2.so");
  CHECK(server.get("/version") == "1");
  server.reload();
  CHECK(server.get("/version") == "2");
}

TEST_CASE("a plugin overwritten in place goes on serving until SIGHUP, and is seen by it") {
  Server server;
  start_version_1(server);
  server.overwrite_plugin("app.so", "version_2.so");
  CHECK(server.get("/version") == "1");
  CHECK(server.get("/hold?time=0.01") == "1");
  server.reload();
  CHECK(server.get("/version") == "2");
  CHECK(server.count_logged("was killed") == 0);
}

TEST_CASE("reloads under constant load lose no request") {
  Server server;
  start_version_1(server, {"--workers", "2"});
  Load load(server.address(), "/version", 8);
  load.wait_for_answers(100);
  for (const char* next : {"version_2.so", "version_1.so", "version_2.so"}) {
    server.put_plugin("app.so", next);
    server.reload();
    load.wait_for_answers(200);
  }
  const Load::Tally tally = load.stop();
  CHECK(tally.failures == std::vector<std::string>{});
  CHECK(tally.answered >= 700);
  CHECK(server.get("/version") == "2");
}

TEST_CASE("slow requests under constant load are answered across a reload") {
  Server server;
  start_version_1(server, {"--workers", "2"});
  Load load(server.address(), "/hold?time=0.05", 16);
  load.wait_for_answers(32);
  server.reload();
  load.wait_for_answers(32);
  CHECK(load.stop().failures == std::vector<std::string>{});
}

TEST_CASE("a slow request that outlives a reload is answered by the old code") {
  Server server;
  start_version_1(server);
  HttpClient slow = server.connect();
  CHECK(slow.get("/version").body == "1");  // its connection is the old worker's
  slow.send(get_request("/hold?time=2"));

  server.put_plugin("app.so", "version_2.so");
  server.reload();
  CHECK(server.get("/version") == "2");
  CHECK_FALSE(slow.has_bytes());
  const Answer answer = slow.receive();
  CHECK(answer.body == "1");
  CHECK(answer.header("connection") == "close");
  server.wait_until_gone(server.booted_workers().at(0));
}

TEST_CASE(
    "a connection that was kept across a reload gets one more answer, and is told that it is the last") {
  Server server;
  start_version_1(server);
  HttpClient kept = server.connect();
  CHECK(kept.get("/version").header("connection").empty());

  server.put_plugin("app.so", "version_2.so");
  server.reload();
  const Answer last = kept.get("/version");
  CHECK(last.body == "1");
  CHECK(last.header("connection") == "close");
  CHECK(kept.is_closed_by_server());
  CHECK(server.get("/version") == "2");
}

TEST_CASE("a reload to a plugin that is gone leaves the old one serving") {
  Server server;
  start_version_1(server);
  server.remove_file("app.so");
  check_refusal(server, "app.so");
}

TEST_CASE("a reload does not take another file of the name for one that is gone") {
  Server server;
  server.start_with({"hello.so"});  // of which there is one among the plugins that come with the server
  server.remove_file("hello.so");
  server.signal(SIGHUP);
  CHECK(server.wait_for("Reload refused").find("no longer at") != std::string::npos);
  CHECK(server.get("/hello") == "Hello, World!");
}

TEST_CASE("a reload to a text file leaves the old plugin serving") {
  Server server;
  start_version_1(server);
  server.write_file("app.so", "no library at all\n");
  check_refusal(server, "app.so");
}

TEST_CASE("a reload to a library that is no plugin leaves the old plugin serving") {
  Server server;
  start_version_1(server);
  server.put_plugin("app.so", "not_a_plugin.so");
  check_refusal(server, "app.so");
}

TEST_CASE("a reload to a plugin of another ABI leaves the old one serving") {
  Server server;
  start_version_1(server);
  server.put_plugin("app.so", "other_major.so");
  check_refusal(server, "ABI 2.0");
}

TEST_CASE("a reload to a plugin that throws in its start leaves the old one serving") {
  Server server;
  start_version_1(server);
  server.put_plugin("app.so", "throws_in_start.so");
  check_refusal(server, "the database is not there");
}

TEST_CASE("a reload to a plugin that crashes in its start leaves the old one serving") {
  Server server;
  start_version_1(server);
  server.put_plugin("app.so", "crashes_in_start.so");
  check_refusal(server, "SIGABRT");
}

TEST_CASE("a reload to a plugin that hangs in its start leaves the old one serving") {
  Server server;
  start_version_1(server, {"--boot-timeout", "500ms"});
  server.put_plugin("app.so", "hangs_in_start.so");
  check_refusal(server, "500ms");
}

TEST_CASE("a reload reads the configuration file again") {
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.write_file("appserver.conf", "plugin = routes.so\n[routes]\ngreeting = good morning\n");
  server.start({});
  CHECK(server.get("/greeting") == "good morning");
  server.write_file("appserver.conf", "plugin = routes.so\nworkers = 3\n[routes]\ngreeting = good evening\n");
  server.reload();
  CHECK(server.get("/greeting") == "good evening");
  CHECK(server.booted_workers().size() == 4);
}

TEST_CASE("a reload to a bad configuration file leaves the old one in force") {
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.write_file("appserver.conf", "plugin = routes.so\n[routes]\ngreeting = good morning\n");
  server.start({});
  server.write_file("appserver.conf", "plugin = routes.so\nwrokers = 3\n");
  server.signal(SIGHUP);
  CHECK(server.wait_for("Reload refused").find("workers") != std::string::npos);
  CHECK(server.get("/greeting") == "good morning");
}

TEST_CASE("each reload counts a generation, and a worker's place keeps its index") {
  Server server;
  server.start_with({"probe.so"});
  CHECK(server.get("/generation") == "1");
  server.reload();
  server.reload();
  CHECK(server.get("/generation") == "3");
  CHECK(server.get("/index") == "0");
}
