#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

std::atomic<int> initialised;

void initialise_slowly() {
  ::usleep(20'000);
  ++initialised;
}

int slow_value(int value) {
  ::usleep(20'000);
  ++initialised;
  return value;
}

}  // namespace

TEST_CASE("what is to be done once is done by one fiber, and the others wait until it is done") {
  initialised = 0;
  int too_early = 0;
  const auto check = [&](const std::function<void()>& initialise) {
    on_request_fibers(100, [&](int) {
      initialise();
      if (initialised != 1) ++too_early;
    });
    CHECK(initialised == 1);
    CHECK(too_early == 0);
  };
  SECTION("pthread_once") {
    static pthread_once_t control = PTHREAD_ONCE_INIT;
    check([] { ::pthread_once(&control, initialise_slowly); });
  }
  SECTION("call_once") {
    static once_flag flag = ONCE_FLAG_INIT;
    check([] { ::call_once(&flag, initialise_slowly); });
  }
  SECTION("std::call_once") {
    std::once_flag flag;
    check([&] { std::call_once(flag, initialise_slowly); });
  }
  SECTION("a function-local static") {
    check([] { [[maybe_unused]] static const int value = slow_value(1); });
  }
}

TEST_CASE("an initialiser that throws leaves it to the next, with that one's own callable") {
  std::once_flag flag;
  std::string tried;
  std::string caught;
  on_request_fibers(5, [&](int i) {
    const char name = static_cast<char>('a' + i);
    try {
      std::call_once(flag, [&, name] {
        tried += name;
        ::usleep(5'000);
        if (name < 'c') throw std::runtime_error("not yet");
      });
    } catch (const std::runtime_error&) {
      caught += name;
    }
  });
  CHECK(tried == "abc");
  CHECK(caught == "ab");
}

TEST_CASE("the initialiser of a function-local static that throws leaves it to the next") {
  int attempts = 0;
  int values = 0;
  on_request_fibers(5, [&](int) {
    try {
      static const int value = [&] {
        const int attempt = ++attempts;
        ::usleep(5'000);
        if (attempt < 3) throw std::runtime_error("not yet");
        return attempt;
      }();
      values += value;
    } catch (const std::runtime_error&) {
    }
  });
  CHECK(attempts == 3);
  CHECK(values == 3 * 3);
}

TEST_CASE("different things are initialised side by side") {
  std::once_flag flags[100];
  const auto time =
      on_request_fibers(100, [&](int i) { std::call_once(flags[i], [] { ::usleep(50'000); }); });
  CHECK(time < 1s);
}

TEST_CASE("fibers wait for a thread that initialises, and a thread for a fiber") {
  std::once_flag by_thread;
  std::once_flag by_fiber;
  std::atomic<bool> thread_is_in = false;
  std::atomic<bool> fiber_is_in = false;
  std::atomic<bool> let_thread_go = false;
  std::atomic<int> done = 0;
  int seen_by_fiber = 0;
  int seen_by_thread = 0;
  std::thread thread([&] {
    std::call_once(by_thread, [&] {
      thread_is_in = true;
      while (!let_thread_go) std::this_thread::sleep_for(1ms);
      ++done;
    });
    while (!fiber_is_in) std::this_thread::yield();
    std::call_once(by_fiber, [] { throw std::logic_error("a fiber has done it"); });
    seen_by_thread = done;
  });
  while (!thread_is_in) std::this_thread::yield();
  on_request_fibers({[&] {
                       std::call_once(by_thread, [] { throw std::logic_error("a thread has done it"); });
                       seen_by_fiber = done;
                       std::call_once(by_fiber, [&] {
                         fiber_is_in = true;
                         ::usleep(10'000);
                         ++done;
                       });
                     },
                     [&] {
                       ::usleep(2'000);
                       let_thread_go = true;
                     }});
  thread.join();
  CHECK(seen_by_fiber == 1);
  CHECK(seen_by_thread == 2);
}
