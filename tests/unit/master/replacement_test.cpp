// What becomes of workers that ask to be replaced.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "base/log.hpp"
#include "catch.hpp"
#include "supervised.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

namespace {

// The first worker of an index asks to be replaced, and each one does `life` meanwhile; its successors serve.
template <typename Life>
master::WorkerMain first_asks(const TemporaryFolder& folder, Life life) {
  return [asked = folder / "asked", life](master::Seat seat) {
    const std::string mark = asked + std::to_string(seat.index);
    if (std::filesystem::exists(mark)) return serve(std::move(seat));
    std::filesystem::create_directory(mark);
    report_ready(seat);
    ask_for_replacement(seat, "its handler does not end");
    return life(std::move(seat));
  };
}

}  // namespace

TEST_CASE("a worker that asks to be replaced drains once another serves in its place, and the log says why") {
  const TemporaryFolder folder;
  Supervised server(settings(1), first_asks(folder, serve));
  const pid_t first = server.wait_for_worker(0, 1);
  const std::string id = std::to_string(first);
  const std::string line = server.wait_for("is to be replaced");
  CHECK(line.find("[WARNING] Worker (pid:" + id + ") is to be replaced: its handler does not end") !=
        std::string::npos);
  const pid_t second = server.wait_for_worker(0, 1);
  server.wait_for(id + "] [INFO] Told to drain");
  server.wait_for("Worker exiting (pid: " + id + ")");
  CHECK(lives(second));
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a worker that is replaced and does not drain is killed at the graceful timeout") {
  const TemporaryFolder folder;
  auto impatient = settings(1);
  impatient.graceful_timeout = 100ms;
  Supervised server(impatient, first_asks(folder, [](master::Seat) { return hang(); }));
  const std::string id = std::to_string(server.wait_for_worker(0, 1));
  const pid_t second = server.wait_for_worker(0, 1);
  server.wait_for("Worker (pid:" + id + ") has not drained within 100ms");
  server.wait_for("Worker exiting (pid: " + id + ")");
  CHECK(lives(second));
}

TEST_CASE("workers that ask to be replaced all at once are replaced one by one") {
  const TemporaryFolder folder;
  Supervised server(settings(3), [mark = folder / "old"](master::Seat seat) {
    if (!std::filesystem::create_directory(mark + std::to_string(seat.index))) {
      base::log_info("Successor is ready");
      return serve(std::move(seat));
    }
    report_ready(seat);
    for (const char* index : {"0", "1", "2"}) {
      while (!std::filesystem::exists(mark + index)) ::usleep(1000);
    }
    ask_for_replacement(seat, "it leaks");
    return serve(std::move(seat));
  });
  for (int worker = 0; worker < 3; ++worker) server.wait_for("Booting");
  for (int successor = 0; successor < 3; ++successor) {
    server.wait_for("Booting");
    server.wait_for("Successor is ready");
  }
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  // Each was ready before the next one was started.
  const std::string& log = server.log();
  std::size_t ready = 0, boot = 0;
  for (int worker = 0; worker < 4; ++worker) boot = log.find("Booting", boot + 1);
  for (int successor = 1; successor < 3; ++successor) {
    ready = log.find("Successor is ready", ready + 1);
    boot = log.find("Booting", boot + 1);
    CHECK(ready < boot);
  }
}

TEST_CASE("a worker whose successor can't boot serves on until one can") {
  const TemporaryFolder folder;
  const std::string first = folder / "first", healthy = folder / "healthy";
  Supervised server(settings(1), [=](master::Seat seat) {
    if (std::filesystem::create_directory(first)) {
      report_ready(seat);
      ask_for_replacement(seat, "it leaks");
      return serve(std::move(seat));
    }
    if (std::filesystem::exists(healthy)) return serve(std::move(seat));
    return fail_boot(std::move(seat), base::ExitCode::plugin_load, "no database");
  });
  const pid_t old = server.wait_for_worker(0, 1);
  server.wait_for("could not boot: no database");
  server.wait_for("could not boot: no database");
  CHECK(lives(old));
  CHECK_FALSE(server.has_logged("Told to drain"));
  folder.write("healthy", "");
  server.wait_for("Worker exiting (pid: " + std::to_string(old) + ")");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a worker that asks again and again is replaced less and less often") {
  Supervised server(settings(1), [](master::Seat seat) {
    report_ready(seat);
    ask_for_replacement(seat, "it never likes to live");
    ask_for_replacement(seat, "and says so twice");
    return serve(std::move(seat));
  });
  for (int life = 0; life < 4; ++life) server.wait_for("is to be replaced: it never likes to live");
  CHECK_FALSE(server.has_logged("and says so twice"));
  server.wait_for("its successor is started in 400ms");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}
