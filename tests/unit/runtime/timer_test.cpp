#include "runtime/timer.hpp"

#include <optional>
#include <string>

#include "catch.hpp"
#include "runtime/parking.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;
using runtime::Timer;

namespace {

void wait(runtime::Duration time) { runtime::sleep_until(runtime::Clock::now() + time); }

}  // namespace

TEST_CASE("timers expire in the order of their times, however they were started") {
  on_worker_thread([](WorkerThread& worker) {
    std::string expired;
    Timer a(worker.reactor, [&] { expired += 'a'; });
    Timer b(worker.reactor, [&] { expired += 'b'; });
    Timer c(worker.reactor, [&] { expired += 'c'; });
    a.expire_after(15ms);
    b.expire_after(5ms);
    c.expire_after(10ms);
    wait(30ms);
    CHECK(expired == "bca");
  });
}

TEST_CASE("a timer that is started anew expires once, at its last time") {
  on_worker_thread([](WorkerThread& worker) {
    int times = 0;
    Timer timer(worker.reactor, [&] { ++times; });
    timer.expire_after(5ms);
    timer.expire_after(1h);
    wait(15ms);
    CHECK(times == 0);
    timer.expire_after(1ms);
    wait(15ms);
    CHECK(times == 1);
    CHECK_FALSE(timer.runs());
  });
}

TEST_CASE("a timer that was cancelled, or has ended, does not expire") {
  on_worker_thread([](WorkerThread& worker) {
    bool expired = false;
    Timer cancelled(worker.reactor, [&] { expired = true; });
    cancelled.expire_after(2ms);
    cancelled.cancel();
    std::optional<Timer> ended;
    ended.emplace(worker.reactor, [&] { expired = true; });
    ended->expire_after(2ms);
    ended.reset();
    wait(10ms);
    CHECK_FALSE(expired);
  });
}

TEST_CASE("a timer may start itself anew, or end, when it expires") {
  on_worker_thread([](WorkerThread& worker) {
    std::optional<Timer> timer;
    int times = 0;
    timer.emplace(worker.reactor, [&] {
      if (++times < 3)
        timer->expire_after(1ms);
      else
        timer.reset();
    });
    timer->expire_after(1ms);
    wait(30ms);
    CHECK(times == 3);
    CHECK_FALSE(timer.has_value());
  });
}

TEST_CASE("a timer expires though fibers never let the loop wait") {
  on_worker_thread([](WorkerThread& worker) {
    bool expired = false;
    Timer timer(worker.reactor, [&] { expired = true; });
    timer.expire_after(2ms);
    const auto end = runtime::Clock::now() + 20s;
    while (!expired && runtime::Clock::now() < end) runtime::yield();
    CHECK(expired);
  });
}
