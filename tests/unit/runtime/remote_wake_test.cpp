#include "runtime/remote_wake.hpp"

#include <thread>
#include <vector>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

TEST_CASE("another thread wakes a fiber, and the loop turns meanwhile") {
  on_worker_thread([](WorkerThread& worker) {
    std::atomic<bool> other_ran = false;
    runtime::spawn(worker.stacks, [&] { other_ran = true; });
    runtime::RemoteWake wake(worker.reactor);
    std::thread waker([&] {
      while (!other_ran) std::this_thread::yield();
      wake.wake();
    });
    CHECK(wake.wait_until() == runtime::Wake::signalled);
    CHECK(other_ran);
    waker.join();
  });
}

TEST_CASE("a wake that comes first is kept") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::RemoteWake wake(worker.reactor);
    std::thread([&] { wake.wake(); }).join();
    CHECK(wake.wait_until(runtime::Clock::now() + 10s) == runtime::Wake::signalled);
  });
}

TEST_CASE("a wait for another thread ends at its deadline") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::RemoteWake wake(worker.reactor);
    CHECK(wake.wait_until(runtime::Clock::now() + 1ms) == runtime::Wake::timed_out);
  });
}

TEST_CASE("no wake is lost where many threads wake many fibers") {
  on_worker_thread([](WorkerThread& worker) {
    constexpr int kThreads = 4;
    constexpr int kEach = 2'000;
    int woken = 0;
    std::vector<std::unique_ptr<runtime::RemoteWake>> wakes;
    for (int i = 0; i < kThreads * kEach; ++i) {
      wakes.push_back(std::make_unique<runtime::RemoteWake>(worker.reactor));
    }
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&wakes, t] {
        for (int i = 0; i < kEach; ++i) wakes[static_cast<std::size_t>(t * kEach + i)]->wake();
      });
    }
    for (const auto& wake : wakes) {
      if (wake->wait_until(runtime::Clock::now() + 10s) == runtime::Wake::signalled) ++woken;
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(woken == kThreads * kEach);
  });
}
