// What `cmake --install` puts in place is enough to write a plugin and to serve it.
#include "catch.hpp"
#include "child_process.hpp"
#include "scratch_folder.hpp"
#include "server.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

void run(const fs::path& folder, const std::vector<std::string>& command) {
  ChildProcess child(command, folder);
  const int code = child.wait_for_exit(60s);
  child.wait_for_end_of_output();
  INFO(child.output());
  REQUIRE(code == 0);
}

}  // namespace

TEST_CASE("a plugin built against the installed SDK is served by the installed server") {
  const ScratchFolder scratch;
  const fs::path prefix = scratch.path() / "prefix", build = scratch.path() / "build";
  run(scratch.path(), {CMAKE_COMMAND_PATH, "--install", APPSERVER_BUILD, "--prefix", prefix});
  run(scratch.path(), {CMAKE_COMMAND_PATH, "-G", "Ninja", "-S", GREET_SOURCES, "-B", build,
                       "-DCMAKE_PREFIX_PATH=" + prefix.string()});
  run(scratch.path(), {CMAKE_COMMAND_PATH, "--build", build});

  Server server(prefix / "bin" / "appserver");
  server.start({"--plugin", build / "greet.so", "--plugin", "hello.so"});
  CHECK(server.get("/greet/you") == "Hi, you!");
  CHECK(server.get("/hello") == "Hello, World!");  // an installed plugin, found by its bare name
}
