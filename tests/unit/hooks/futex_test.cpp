#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <future>
#include <latch>
#include <semaphore>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "times.hpp"

using namespace std::chrono_literals;

namespace {

long futex(std::atomic<int>& word, int operation, int value, const timespec* time = nullptr,
           unsigned bits = FUTEX_BITSET_MATCH_ANY) {
  return ::syscall(SYS_futex, &word, operation, value, time, nullptr, bits);
}

}  // namespace

TEST_CASE("what C++20 waits with suspends the fiber alone") {
  SECTION("std::atomic::wait") {
    std::atomic<bool> flag = false;
    std::atomic<long> number = 0;
    int done = 0;
    std::vector<std::function<void()>> bodies(50, [&] {
      flag.wait(false);
      number.wait(0);
      ++done;
    });
    bodies.emplace_back([&] {
      ::usleep(5'000);
      flag = true;
      flag.notify_all();
      ::usleep(5'000);
      number = 1;
      number.notify_all();
    });
    on_request_fibers(bodies);
    CHECK(done == 50);
  }
  SECTION("std::latch") {
    std::latch latch(50);
    int early = 0;
    on_request_fibers(50, [&](int i) {
      ::usleep(static_cast<useconds_t>(100 * i));
      latch.arrive_and_wait();
      if (!latch.try_wait()) ++early;
    });
    CHECK(early == 0);
  }
  SECTION("std::barrier") {
    int rounds = 0;
    std::barrier barrier(20, [&]() noexcept { ++rounds; });
    int wrong = 0;
    on_request_fibers(20, [&](int i) {
      for (int round = 1; round <= 5; ++round) {
        ::usleep(static_cast<useconds_t>(50 * i));
        barrier.arrive_and_wait();
        if (rounds < round) ++wrong;
      }
    });
    CHECK(rounds == 5);
    CHECK(wrong == 0);
  }
  SECTION("std::counting_semaphore") {
    std::counting_semaphore<10> places(5);
    int inside = 0;
    int most = 0;
    on_request_fibers(50, [&](int) {
      while (!places.try_acquire_for(1ms)) continue;
      most = std::max(most, ++inside);
      ::usleep(1'000);
      --inside;
      places.release();
    });
    CHECK(most == 5);
  }
  SECTION("std::future") {
    std::promise<int> promise;
    const std::shared_future<int> future = promise.get_future().share();
    int sum = 0;
    std::thread thread;
    std::vector<std::function<void()>> bodies(50, [&] {
      while (future.wait_for(1ms) != std::future_status::ready) continue;
      sum += future.get();
    });
    bodies.emplace_back([&] { sum += future.get(); });
    bodies.emplace_back([&] {
      ::usleep(5'000);
      promise.set_value(1);
    });
    on_request_fibers(bodies);
    CHECK(sum == 51);
  }
}

TEST_CASE("futex answers as the kernel does") {
  std::atomic<int> word = 7;
  const timespec ten_ms{0, 10'000'000};
  const timespec invalid{0, 1'000'000'000};
  const int sharing = GENERATE(0, FUTEX_PRIVATE_FLAG);
  std::vector<int> errors;
  const auto time = on_request_fibers(1, [&](int) {
    const auto note = [&](long result) { errors.push_back(result == -1 ? errno : static_cast<int>(result)); };
    note(futex(word, FUTEX_WAIT | sharing, 6));
    note(futex(word, FUTEX_WAIT | sharing, 7, &ten_ms));
    note(futex(word, FUTEX_WAIT | sharing, 7, &invalid));
    timespec until = time_in(10ms, CLOCK_MONOTONIC);
    note(futex(word, FUTEX_WAIT_BITSET | sharing, 7, &until));
    until = time_in(10ms, CLOCK_REALTIME);
    note(futex(word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME | sharing, 7, &until));
    note(futex(word, FUTEX_WAIT_BITSET | sharing, 7, &until, 0));
    note(futex(word, FUTEX_WAKE | sharing, 1));
  });
  CHECK(errors == std::vector{EAGAIN, ETIMEDOUT, EINVAL, ETIMEDOUT, ETIMEDOUT, EINVAL, 0});
  CHECK(time >= 29ms);
}

TEST_CASE("a wake counts fibers and threads together") {
  std::atomic<int> word = 0;
  std::atomic<int> waiting = 0;
  std::atomic<int> woken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      ++waiting;
      while (futex(word, FUTEX_WAIT_PRIVATE, 0) == -1 && errno == EINTR) continue;
      ++woken;
    });
  }
  long first = 0;
  long rest = 0;
  std::vector<std::function<void()>> bodies(5, [&] {
    ++waiting;
    futex(word, FUTEX_WAIT_PRIVATE, 0);
    ++woken;
  });
  bodies.emplace_back([&] {
    while (waiting < 8) ::usleep(1'000);
    while (first < 2) first += futex(word, FUTEX_WAKE_PRIVATE, static_cast<int>(2 - first));
    while (first + rest < 8) {
      rest += futex(word, FUTEX_WAKE_PRIVATE, 100);
      ::usleep(1'000);  // a thread may have counted itself before it waits
    }
  });
  on_request_fibers(bodies);
  for (auto& thread : threads) thread.join();
  CHECK(first == 2);
  CHECK(rest == 6);
  CHECK(woken == 8);
}

TEST_CASE("a change by another process is found where the futex is not private") {
  std::atomic<int> word = 0;  // who changes it does not tell, as another process could not
  long result = -1;
  on_request_fibers({[&] { result = futex(word, FUTEX_WAIT, 0); },
                     [&] {
                       ::usleep(5'000);
                       word = 1;
                     }});
  CHECK(result == 0);
}

TEST_CASE("other system calls go on as they are") {
  std::vector<long> results;
  on_request_fibers(1, [&](int) {
    results.push_back(::syscall(SYS_getpid));
    results.push_back(::syscall(SYS_lseek, -1, 0L, SEEK_SET));
    results.push_back(errno);
  });
  CHECK(results == std::vector<long>{::getpid(), -1, EBADF});
}
