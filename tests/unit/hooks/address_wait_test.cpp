#include "hooks/address_wait.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

TEST_CASE("those who wait at an address are woken, longest first, and no others") {
  on_worker_thread([](WorkerThread& worker) {
    std::array<int, 2> places{};
    std::string order;
    const auto wait_at = [&](int& place, char name) {
      runtime::spawn(worker.stacks, [&, name] {
        hooks::AddressWait wait(worker.reactor, &place);
        wait.wait_until();
        order += name;
      });
    };
    wait_at(places[0], 'a');
    wait_at(places[1], 'x');
    wait_at(places[0], 'b');
    wait_at(places[0], 'c');
    runtime::yield();
    CHECK(hooks::wake_at(&places[0], 2) == 2);
    runtime::yield();
    CHECK(order == "ab");
    CHECK(hooks::wake_at(&places[0], 2) == 1);
    CHECK(hooks::wake_at(&places[0], 2) == 0);
    CHECK(hooks::wake_at(&places[1], 1) == 1);
    runtime::yield();
    CHECK(order == "abcx");
  });
}

TEST_CASE("a wait at an address ends at its deadline, and leaves nothing behind") {
  on_worker_thread([](WorkerThread& worker) {
    const int place = 0;
    {
      hooks::AddressWait wait(worker.reactor, &place);
      CHECK(wait.wait_until(runtime::Clock::now() + 1ms) == runtime::Wake::timed_out);
    }
    CHECK(hooks::wake_at(&place, 1) == 0);
  });
}

TEST_CASE("a wait that is given up while another thread wakes it ends in order") {
  on_worker_thread([](WorkerThread& worker) {
    std::atomic<int> place = 0;
    std::atomic<bool> stop = false;
    std::thread waker([&] {
      while (!stop) hooks::wake_at(&place, 1);
    });
    for (int i = 0; i < 20'000; ++i) {
      hooks::AddressWait wait(worker.reactor, &place);
      if (i % 3 == 0) wait.wait_until(runtime::Clock::now());
      if (i % 3 == 1) wait.wait_until();
    }
    stop = true;
    waker.join();
    CHECK(hooks::wake_at(&place, 1) == 0);
  });
}

TEST_CASE("nobody waits in the child of a fork") {
  on_worker_thread([](WorkerThread& worker) {
    const int place = 0;
    bool woken = false;
    runtime::spawn(worker.stacks, [&] {
      hooks::AddressWait wait(worker.reactor, &place);
      wait.wait_until();
      woken = true;
    });
    runtime::yield();
    const pid_t child = ::fork();
    if (child == 0) ::_exit(hooks::wake_at(&place, 1));
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK(hooks::wake_at(&place, 1) == 1);
    runtime::yield();
    CHECK(woken);
  });
}
