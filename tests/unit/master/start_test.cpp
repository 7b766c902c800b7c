// How a server starts, or does not.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>

#include "base/log.hpp"
#include "catch.hpp"
#include "observe/scoreboard.hpp"
#include "supervised.hpp"
#include "temporary_folder.hpp"

using base::ExitCode;
using namespace std::chrono_literals;

TEST_CASE("a server starts one worker first and the others when it is ready") {
  Supervised server(settings(3), [](master::Seat seat) {
    base::log_info("worker ", seat.index, " boots");
    return serve(std::move(seat));
  });
  server.wait_for("Starting appserver ");
  CHECK(server.wait_for("Listening at: http://127.0.0.1:").find(":0 (") == std::string::npos);
  server.wait_for_worker(0, 1);
  server.wait_for("worker 0 boots");
  server.wait_for("Generation 1 is serving: 3 workers");
  CHECK(server.has_logged("(index 1, generation 1)"));
  CHECK(server.has_logged("(index 2, generation 1)"));
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged("Handling signal: term"));
  CHECK(server.has_logged("Worker exiting (pid: "));
  CHECK(server.has_logged("Shutting down: Master"));
}

TEST_CASE("a plugin that can't be loaded at the first start ends the server with code 4") {
  Supervised server(settings(2), [](master::Seat seat) {
    return fail_boot(std::move(seat), ExitCode::plugin_load, "plugin bad.so: not a plugin");
  });
  server.wait_for("[ERROR] Worker (pid:");
  CHECK(server.has_logged("could not boot: plugin bad.so: not a plugin"));
  CHECK(server.wait_for_exit() == 4);
  CHECK_FALSE(server.has_logged("(index 1,"));
}

TEST_CASE("a plugin that crashes at the first start ends the server with code 3") {
  Supervised server(settings(2), [](master::Seat seat) {
    observe::note(seat.slot.booting, sizeof seat.slot.booting, "bad");
    return crash(SIGSEGV);
  });
  CHECK(server.wait_for_exit() == 3);
  CHECK(server.has_logged("could not boot: the worker was killed by SIGSEGV while plugin bad started"));
}

TEST_CASE("a worker that ends in its boot without a word ends the server with code 3") {
  Supervised server(settings(1), [](master::Seat) { return 0; });
  CHECK(server.wait_for_exit() == 3);
  CHECK(server.has_logged("could not boot: the worker exited with code 0"));
}

TEST_CASE("a plugin that hangs at the first start ends the server with code 3 after the boot timeout") {
  auto impatient = settings(1);
  impatient.boot_timeout = 200ms;
  Supervised server(impatient, [](master::Seat seat) {
    observe::note(seat.slot.booting, sizeof seat.slot.booting, "hang");
    return hang();
  });
  CHECK(server.wait_for_exit() == 3);
  CHECK(server.has_logged("could not boot: plugin hang has not returned from its start within 200ms"));
  CHECK_FALSE(server.has_logged("was killed by"));
}

TEST_CASE("a later worker that can't boot ends the first start, too") {
  Supervised server(settings(3), [](master::Seat seat) {
    if (seat.index == 2) return fail_boot(std::move(seat), ExitCode::worker_boot, "no memory");
    return serve(std::move(seat));
  });
  CHECK(server.wait_for_exit() == 3);
  CHECK(server.has_logged("could not boot: no memory"));
  CHECK_FALSE(server.has_logged("Generation 1 is serving"));
}

TEST_CASE("an address that can't be had ends the server with code 1 before any worker") {
  auto refused = settings(1);
  refused.binds = {net::Endpoint::parse("unix:/nowhere/at/all")};
  Supervised server(refused, serve);
  CHECK(server.wait_for_exit() == 1);
  CHECK(server.has_logged("/nowhere/at/all"));
  CHECK_FALSE(server.has_logged("Booting worker"));
  CHECK_FALSE(server.has_logged("Shutting down"));
}

TEST_CASE("a plugin that is not there ends the server with code 4 before any worker") {
  auto refused = settings(1);
  refused.plugins = {{.prefix = "", .file = "/nowhere/slow.so", .given = "slow.so"}};
  Supervised server(refused, serve);
  CHECK(server.wait_for_exit() == 4);
  CHECK(server.has_logged("plugin slow.so (/nowhere/slow.so): can't be opened: No such file or directory"));
  CHECK_FALSE(server.has_logged("Booting worker"));
}

TEST_CASE("an exception that leaves a worker's boot is told and ends the first start") {
  Supervised server(settings(1), [](master::Seat) -> int { throw std::runtime_error("no stack left"); });
  CHECK(server.wait_for_exit() == 3);
  CHECK(server.has_logged("Worker failed: no stack left"));
}

TEST_CASE("a worker has its listeners, its channel and nothing of the others") {
  Supervised server(settings(3), [](master::Seat seat) {
    // Standard input, output and error, one listener, its channel; and the folder that is being read.
    const auto open = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    base::log_info("worker ", seat.index, " has ", open, " descriptors, ", seat.listeners.size(),
                   " listener");
    return serve(std::move(seat));
  });
  const std::string first = server.wait_for("worker 0 has ");
  const std::string told = first.substr(first.find(" has "));
  CHECK(told.find("1 listener") != std::string::npos);
  server.wait_for("Generation 1 is serving");
  CHECK(server.has_logged("worker 1" + told));
  CHECK(server.has_logged("worker 2" + told));
}

TEST_CASE("a worker can be told from the master by its name") {
  Supervised server(settings(1), [](master::Seat seat) {
    std::array<char, 16> name{};
    ::prctl(PR_GET_NAME, name.data());
    base::log_info("called ", name.data());
    return serve(std::move(seat));
  });
  server.wait_for("called appserver:w0");
}

TEST_CASE("workers notice when the master is killed") {
  Supervised server(settings(2), serve);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGKILL);
  CHECK(server.wait_for_exit() == 128 + SIGKILL);  // which waits for the workers' end
}
