// A handler that forks has one child too many where the child returns from it.
#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

TEST_CASE("a forked child that returns from its handler ends there, and its worker serves on") {
  Server server;
  server.start_with({"forks.so"});
  for (int i = 0; i < 3; ++i) {
    CHECK(server.get("/fork") == "once");
    const std::string line = server.wait_for("A child process that a request forked");
    CHECK_THAT(line, Catch::Matchers::ContainsSubstring("has returned from the handler of GET /fork"));
  }
}

TEST_CASE("a child that an offloaded function forks ends as it says, or where it returns") {
  Server server;
  server.start_with({"forks.so"});
  CHECK(server.get("/offload/exit") == "7");
  CHECK(server.get("/offload/fork") == "once");
  server.wait_for("has returned from what it was to do on another thread");
  CHECK_FALSE(server.has_logged("exit() was called in a worker"));
}
