// Requests that mix every kind of blocking code, by seeds, against the real server. APPSERVER_SOAK_SECONDS
// says for how long (tools/soak asks for an hour of it), APPSERVER_SOAK_SEED with which seed it begins.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

#include "catch.hpp"
#include "server.hpp"

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text ? std::stoull(text) : otherwise;
}

// Clients that each ask for the next seed until the time is over, or something did not hold.
class Soak {
 public:
  Soak(const Server& server, std::uint64_t seed, Deadline end) : server_(server), next_(seed), end_(end) {}

  void run(int clients) {
    std::vector<std::thread> threads;
    for (int i = 0; i < clients; ++i) threads.emplace_back([this] { ask(); });
    for (std::thread& thread : threads) thread.join();
  }

  std::size_t answered() const { return answered_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void ask() {
    constexpr std::size_t kEnough = 5;
    std::optional<HttpClient> connection;
    while (end_.milliseconds_left() > 0 && failures_count_ < kEnough) {
      const std::string seed = std::to_string(next_++);
      try {
        if (!connection) connection.emplace(server_.address());
        connection->send("GET /soak?seed=" + seed + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const Answer answer = connection->receive("GET", std::chrono::seconds(120));
        if (answer.header("connection") == "close") connection.reset();
        if (answer.status != 200) fail(answer.body);
        ++answered_;
      } catch (const std::exception& error) {
        connection.reset();
        fail("seed " + seed + ": " + error.what());
      }
    }
  }

  void fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    failures_.push_back(what);
    ++failures_count_;
  }

  const Server& server_;
  std::atomic<std::uint64_t> next_;
  const Deadline end_;
  std::atomic<std::size_t> answered_ = 0;
  std::atomic<std::size_t> failures_count_ = 0;
  std::mutex mutex_;
  std::vector<std::string> failures_;
};

}  // namespace

TEST_CASE("whatever blocking code requests mix, each holds what it promises") {
  const std::chrono::seconds time(number_from("APPSERVER_SOAK_SECONDS", 5));
  const std::uint64_t seed = number_from("APPSERVER_SOAK_SEED", std::random_device()());
  CAPTURE(seed);
  Server server;
  server.start_with({"soak.so"});
  Soak soak(server, seed, time);
  std::atomic<bool> over = false;
  std::thread reloader([&] {
    // A reload now and then, as in a day's work; the last generation gets as long as the others.
    const auto start = Deadline::Clock::now();
    for (auto next = start + std::chrono::seconds(20); !over;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (Deadline::Clock::now() < next) continue;
      next += std::chrono::seconds(20);
      server.signal(SIGHUP);
    }
  });
  soak.run(64);
  over = true;
  reloader.join();
  for (const std::string& failure : soak.failures()) UNSCOPED_INFO(failure);
  CHECK(soak.failures().empty());
  CHECK(soak.answered() > 100);
  std::cout << soak.answered() << " requests from seed " << seed << " on\n";

  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK_FALSE(server.has_logged("[CRITICAL]"));
  CHECK_FALSE(server.has_logged("[ERROR]"));
}
