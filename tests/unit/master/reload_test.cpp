// What SIGHUP does.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/log.hpp"
#include "catch.hpp"
#include "observe/scoreboard.hpp"
#include "supervised.hpp"
#include "temporary_folder.hpp"

using base::ExitCode;
using namespace std::chrono_literals;

namespace {

// Workers of the second generation do `second`, all others serve.
template <typename Life>
master::WorkerMain second_generation(Life second) {
  return [second](master::Seat seat) {
    return seat.generation == 2 ? second(std::move(seat)) : serve(std::move(seat));
  };
}

int report_plugin_failure(master::Seat seat) {
  return fail_boot(std::move(seat), ExitCode::plugin_load, "plugin new.so: of another ABI");
}

int crash_in_start(master::Seat seat) {
  observe::note(seat.slot.booting, sizeof seat.slot.booting, "new");
  return crash(SIGABRT);
}

int hang_in_start(master::Seat seat) {
  observe::note(seat.slot.booting, sizeof seat.slot.booting, "new");
  return hang();
}

struct Broken {
  const char* what;
  int (*life)(master::Seat);
  const char* why;
};
const std::array kBroken = {
    Broken{"reports a failure", report_plugin_failure, "plugin new.so: of another ABI"},
    Broken{"crashes", crash_in_start, "the worker was killed by SIGABRT while plugin new started"},
    Broken{"hangs", hang_in_start, "plugin new has not returned from its start within 300ms"},
};

config::Settings impatient(unsigned workers) {
  auto result = settings(workers);
  result.boot_timeout = 300ms;
  return result;
}

}  // namespace

TEST_CASE("a reload puts a new worker beside each old one before the old one drains") {
  Supervised server(settings(2), serve);
  const pid_t old_first = server.wait_for_worker(0, 1);
  const pid_t old_second = server.wait_for_worker(1, 1);
  server.wait_for("Generation 1 is serving: 2 workers");
  server.signal(SIGHUP);
  server.wait_for("Handling signal: hup");
  const pid_t new_first = server.wait_for_worker(0, 2);
  const pid_t new_second = server.wait_for_worker(1, 2);
  server.wait_for("Reload complete: generation 2 is serving");
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(server.has_logged(std::to_string(old_first) + "] [INFO] Told to drain"));
  // A worker that ends before a younger one starts would stand before it in the log.
  const auto place = [&](const std::string& text) { return server.log().find(text); };
  const auto exit_of = [&](pid_t pid) { return place("Worker exiting (pid: " + std::to_string(pid) + ")"); };
  CHECK(exit_of(old_first) > place("pid: " + std::to_string(new_first)));
  CHECK(exit_of(old_second) > place("pid: " + std::to_string(new_second)));
  CHECK(exit_of(new_first) > place("Reload complete"));
  CHECK(exit_of(new_first) != std::string::npos);
}

TEST_CASE("a new generation that can't start leaves the old one serving") {
  const Broken broken = GENERATE(from_range(kBroken));
  INFO(broken.what);
  Supervised server(impatient(2), second_generation(broken.life));
  const pid_t first = server.wait_for_worker(0, 1);
  const pid_t second = server.wait_for_worker(1, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  const std::string line = server.wait_for("Reload refused: ");
  CHECK(line.find("[ERROR] Reload refused: " + std::string(broken.why) + "; generation 1 goes on serving") !=
        std::string::npos);
  CHECK(lives(first));
  CHECK(lives(second));
  CHECK_FALSE(server.has_logged("(index 1, generation 2)"));
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a reload after a refused one brings the next generation") {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken", "");
  Supervised server(settings(1), second_generation([=](master::Seat seat) {
                      return std::filesystem::exists(broken) ? report_plugin_failure(std::move(seat))
                                                             : serve(std::move(seat));
                    }));
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("Reload refused");
  std::filesystem::remove(broken);
  server.signal(SIGHUP);
  server.wait_for("Reload complete: generation 2 is serving");
}

TEST_CASE("a configuration that can't be read leaves the old one serving") {
  Supervised server(settings(1), serve,
                    []() -> config::Settings { throw std::runtime_error("unknown option 'worker'"); });
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("Reload refused: unknown option 'worker'; generation 1 goes on serving");
  CHECK(lives(worker));
  CHECK_FALSE(server.has_logged("generation 2"));
}

TEST_CASE("a new address that can't be had leaves the old ones serving") {
  const TemporaryFolder folder;
  auto first = settings(1);
  first.binds = {net::Endpoint::parse("unix:" + folder / "socket")};
  auto second = first;
  second.binds.push_back(net::Endpoint::parse("unix:/nowhere/at/all"));
  Supervised server(first, serve, [=] { return second; });
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  CHECK(server.wait_for("Reload refused").find("/nowhere/at/all") != std::string::npos);
  CHECK(std::filesystem::exists(folder / "socket"));
}

TEST_CASE("a reload opens the new addresses and closes those that are no longer wanted") {
  const TemporaryFolder folder;
  auto first = settings(1);
  first.binds = {net::Endpoint::parse("unix:" + folder / "old")};
  auto second = settings(1);
  second.binds = {net::Endpoint::parse("unix:" + folder / "new")};
  Supervised server(first, serve, [=] { return second; });
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("Listening at: unix:" + folder / "new");
  server.wait_for("Reload complete");
  CHECK(std::filesystem::exists(folder / "new"));
  CHECK_FALSE(std::filesystem::exists(folder / "old"));
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK_FALSE(std::filesystem::exists(folder / "new"));
}

TEST_CASE("a reload takes the number of workers from the configuration") {
  Supervised server(settings(3), serve,
                    [more = false]() mutable { return settings((more = !more) ? 4 : 1); });
  server.wait_for("Generation 1 is serving: 3 workers");
  server.signal(SIGHUP);
  server.wait_for_worker(3, 2);
  server.wait_for("Reload complete: generation 2 is serving");
  server.signal(SIGHUP);
  for (int leaving = 0; leaving < 4; ++leaving) server.wait_for("Worker exiting");
  server.wait_for("Reload complete: generation 3 is serving");
  CHECK_FALSE(server.has_logged("(index 1, generation 3)"));
}

TEST_CASE("a reload that is asked for while one is under way follows it") {
  const TemporaryFolder folder;
  const std::string go = folder / "go";
  Supervised server(settings(1), second_generation([=](master::Seat seat) {
                      base::log_info("second generation boots");
                      while (!std::filesystem::exists(go)) ::usleep(1000);
                      return serve(std::move(seat));
                    }));
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("second generation boots");
  server.signal(SIGHUP);
  server.wait_for("Handling signal: hup");
  CHECK_FALSE(server.has_logged("generation 3"));
  folder.write("go", "");
  server.wait_for("Reload complete: generation 2 is serving");
  server.wait_for("Reload complete: generation 3 is serving");
}

TEST_CASE("an old worker that dies while the new code is tried is replaced by the old code") {
  Supervised server(settings(2), second_generation(hang_in_start));
  server.wait_for_worker(0, 1);
  const pid_t worker = server.wait_for_worker(1, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for_worker(0, 2);
  ::kill(worker, SIGKILL);
  CHECK(server.wait_for_worker(1, 1) != worker);
}

TEST_CASE("a later worker of the new generation that fails is tried again while the old one serves on") {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken", "");
  Supervised server(settings(2), second_generation([=](master::Seat seat) {
                      if (seat.index == 0 || !std::filesystem::exists(broken)) return serve(std::move(seat));
                      return report_plugin_failure(std::move(seat));
                    }));
  server.wait_for_worker(0, 1);
  const pid_t old_worker = server.wait_for_worker(1, 1);
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("could not boot: plugin new.so: of another ABI");
  server.wait_for("Worker index 1 has failed again");
  CHECK(lives(old_worker));
  std::filesystem::remove(broken);
  server.wait_for("Worker exiting (pid: " + std::to_string(old_worker) + ")");
  server.wait_for("Reload complete: generation 2 is serving");
}

TEST_CASE("a reload that fails half way gives way to the one that is asked for next") {
  Supervised server(settings(2), second_generation([](master::Seat seat) {
                      return seat.index == 0 ? serve(std::move(seat))
                                             : report_plugin_failure(std::move(seat));
                    }));
  server.wait_for("Generation 1 is serving");
  server.signal(SIGHUP);
  server.wait_for("Worker index 1 has failed again");
  server.signal(SIGHUP);
  server.wait_for("Reload complete: generation 3 is serving");
}

TEST_CASE("workers run the plugin that was there when their generation began") {
  const TemporaryFolder folder;
  auto with_plugin = settings(1);
  with_plugin.plugins = {{.prefix = "", .file = folder.write("code.so", "one"), .given = "code.so"}};
  Supervised server(with_plugin, [](master::Seat seat) {
    std::array<char, 16> code{};
    [[maybe_unused]] const auto size = ::pread(seat.plugins[0].image.get(), code.data(), code.size() - 1, 0);
    base::log_info("runs ", code.data());
    return serve(std::move(seat));
  });
  const pid_t worker = server.wait_for_worker(0, 1);
  server.wait_for("runs one");
  server.wait_for("Generation 1 is serving");
  folder.write("code.so", "two");
  ::kill(worker, SIGKILL);
  server.wait_for("runs one");
  server.signal(SIGHUP);
  server.wait_for("runs two");
}
