// Reloads and a stop under traffic of every kind lose nothing. APPSERVER_SOAK_RELOADS says how many reloads
// (tools/soak asks for fifty).
#include <signal.h>

#include <cstdlib>
#include <iostream>

#include "catch.hpp"
#include "server.hpp"
#include "traffic.hpp"

TEST_CASE("reloads and TERM under traffic of every kind lose no request") {
  const char* const text = std::getenv("APPSERVER_SOAK_RELOADS");
  const int reloads = text ? std::stoi(text) : 6;
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.write_file("appserver.conf", "plugin = routes.so\n[routes]\ngreeting = hello\n");
  const std::string socket = server.folder() / "socket";
  server.start({"--workers", "2", "--bind", "127.0.0.1:0", "--bind", "unix:" + socket});

  Traffic traffic({server.address(0), server.address(1)});
  traffic.wait_for_answers(200);
  for (int reload = 0; reload < reloads; ++reload) {
    server.reload();
    traffic.wait_for_answers(200);
  }
  traffic.expect_end();
  server.signal(SIGTERM);
  const Traffic::Tally tally = traffic.wait_for_end();
  for (const std::string& failure : tally.failures) UNSCOPED_INFO(failure);
  CHECK(tally.failures.empty());
  CHECK(server.wait_for_exit() == 0);
  CHECK_FALSE(server.has_logged("has not drained"));
  std::cout << tally.answered << " requests were answered through " << reloads << " reloads and a stop; "
            << tally.asked_again << " were asked again after an answer that said Connection: close\n";
}

TEST_CASE("TERM under fresh connections resets none") {
  for (int stop = 0; stop < 5; ++stop) {
    Server server;
    const std::string socket = server.folder() / "socket";
    server.start_with({"routes.so"}, {"--workers", "2", "--bind", "127.0.0.1:0", "--bind", "unix:" + socket});
    Traffic traffic({server.address(0), server.address(1)}, 16);
    traffic.wait_for_answers(500);
    traffic.expect_end();
    server.signal(SIGTERM);
    const Traffic::Tally tally = traffic.wait_for_end();
    for (const std::string& failure : tally.failures) UNSCOPED_INFO(failure);
    CHECK(tally.failures.empty());
    CHECK(server.wait_for_exit() == 0);
  }
}
