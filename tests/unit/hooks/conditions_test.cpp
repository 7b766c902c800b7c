#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "times.hpp"

using namespace std::chrono_literals;

TEST_CASE("a hundred fibers wait for one condition: a signal wakes one of them, a broadcast all") {
  std::mutex mutex;
  std::condition_variable condition;
  int tokens = 0;
  bool open = false;
  int waiting = 0;
  int woken = 0;
  int after_signal = 0;
  std::vector<std::function<void()>> bodies(100, [&] {
    std::unique_lock lock(mutex);
    ++waiting;
    condition.wait(lock, [&] { return open || tokens > 0; });
    if (!open) --tokens;
    ++woken;
  });
  bodies.emplace_back([&] {
    while (waiting < 100) ::usleep(1'000);
    {
      const std::lock_guard lock(mutex);
      tokens = 1;
      condition.notify_one();
    }
    while (woken == 0) ::usleep(1'000);
    ::usleep(5'000);
    after_signal = woken;
    const std::lock_guard lock(mutex);
    open = true;
    condition.notify_all();
  });
  on_request_fibers(bodies);
  CHECK(after_signal == 1);
  CHECK(woken == 100);
}

TEST_CASE("C11's conditions work as POSIX's do") {
  mtx_t mutex;
  cnd_t condition;
  ::mtx_init(&mutex, mtx_plain);
  ::cnd_init(&condition);
  int turn = 0;
  std::vector<int> results;
  on_request_fibers({[&] {
                       ::mtx_lock(&mutex);
                       const timespec until = time_in(10ms, CLOCK_REALTIME);
                       results.push_back(::cnd_timedwait(&condition, &mutex, &until));
                       turn = 1;
                       results.push_back(::cnd_broadcast(&condition));
                       while (turn == 1) results.push_back(::cnd_wait(&condition, &mutex));
                       ::mtx_unlock(&mutex);
                     },
                     [&] {
                       ::mtx_lock(&mutex);
                       while (turn == 0) ::cnd_wait(&condition, &mutex);
                       turn = 2;
                       ::cnd_signal(&condition);
                       ::mtx_unlock(&mutex);
                     }});
  CHECK(results == std::vector<int>{thrd_timedout, thrd_success, thrd_success});
  ::cnd_destroy(&condition);
  ::mtx_destroy(&mutex);
}

TEST_CASE("a wait with a time limit goes by the clock it was made for, and has the mutex again") {
  const clockid_t clock = GENERATE(CLOCK_REALTIME, CLOCK_MONOTONIC);
  pthread_condattr_t attributes;
  ::pthread_condattr_init(&attributes);
  ::pthread_condattr_setclock(&attributes, clock);
  pthread_cond_t condition;
  ::pthread_cond_init(&condition, &attributes);
  ::pthread_condattr_destroy(&attributes);

  int right = 0;
  int early = 0;
  const auto time = on_request_fibers(100, [&](int) {
    pthread_mutexattr_t errorcheck;
    ::pthread_mutexattr_init(&errorcheck);
    ::pthread_mutexattr_settype(&errorcheck, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_t mutex;
    ::pthread_mutex_init(&mutex, &errorcheck);
    const auto start = runtime::Clock::now();
    ::pthread_mutex_lock(&mutex);
    timespec until = time_in(50ms, clock);
    if (::pthread_cond_timedwait(&condition, &mutex, &until) == ETIMEDOUT) ++right;
    until = time_in(50ms, CLOCK_MONOTONIC);
    if (::pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &until) == ETIMEDOUT) ++right;
    if (runtime::Clock::now() - start < 98ms) ++early;
    if (::pthread_mutex_unlock(&mutex) == 0) ++right;
  });
  CHECK(right == 300);
  CHECK(early == 0);
  CHECK(time < 2s);
  ::pthread_cond_destroy(&condition);
}

TEST_CASE("a wait that is wrong is refused as libc refuses it") {
  pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  const timespec invalid{0, -1};
  const timespec passed{};
  std::vector<int> results;
  on_request_fibers(1, [&](int) {
    results.push_back(::pthread_cond_wait(&condition, &mutex));
    ::pthread_mutex_lock(&mutex);
    results.push_back(::pthread_cond_timedwait(&condition, &mutex, &invalid));
    results.push_back(::pthread_cond_clockwait(&condition, &mutex, CLOCK_BOOTTIME, &passed));
    results.push_back(::pthread_cond_timedwait(&condition, &mutex, &passed));
    results.push_back(::pthread_mutex_unlock(&mutex));
  });
  CHECK(results == std::vector{EPERM, EINVAL, EINVAL, ETIMEDOUT, 0});
}

TEST_CASE("fibers and threads hand things to each other through one queue, and back") {
  constexpr int kThings = 2'000;
  struct Queue {
    void push(int thing) {
      const std::lock_guard lock(mutex);
      things.push_back(thing);
      condition.notify_one();
    }
    int pop() {
      std::unique_lock lock(mutex);
      condition.wait(lock, [&] { return !things.empty(); });
      const int thing = things.front();
      things.pop_front();
      return thing;
    }
    std::mutex mutex;
    std::condition_variable condition;
    std::deque<int> things;
  };
  Queue there;
  Queue back;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (const int thing = there.pop()) back.push(2 * thing);
    });
  }
  long sum = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 10; ++i) {
    bodies.emplace_back([&] {
      for (int n = 0; n < kThings / 10; ++n) sum += back.pop();
    });
  }
  bodies.emplace_back([&] {
    for (int thing = 1; thing <= kThings; ++thing) there.push(thing);
  });
  on_request_fibers(bodies);
  there.push(0);
  there.push(0);
  for (auto& thread : threads) thread.join();
  CHECK(sum == static_cast<long>(kThings) * (kThings + 1));
}

TEST_CASE("a condition that another process signals is looked at now and then") {
  struct Shared {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    std::atomic<bool> waits{false};
    bool signalled = false;
  };
  void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  auto& shared = *new (memory) Shared;
  pthread_mutexattr_t mutex_attributes;
  ::pthread_mutexattr_init(&mutex_attributes);
  ::pthread_mutexattr_setpshared(&mutex_attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_mutex_init(&shared.mutex, &mutex_attributes);
  pthread_condattr_t condition_attributes;
  ::pthread_condattr_init(&condition_attributes);
  ::pthread_condattr_setpshared(&condition_attributes, PTHREAD_PROCESS_SHARED);
  ::pthread_cond_init(&shared.condition, &condition_attributes);

  const pid_t child = ::fork();
  if (child == 0) {
    while (!shared.waits) ::usleep(1'000);
    ::pthread_mutex_lock(&shared.mutex);
    shared.signalled = true;
    ::pthread_cond_signal(&shared.condition);
    ::pthread_mutex_unlock(&shared.mutex);
    ::_exit(0);
  }
  bool seen = false;
  on_request_fibers(1, [&](int) {
    ::pthread_mutex_lock(&shared.mutex);
    shared.waits = true;
    while (!shared.signalled) ::pthread_cond_wait(&shared.condition, &shared.mutex);
    seen = true;
    ::pthread_mutex_unlock(&shared.mutex);
  });
  ::waitpid(child, nullptr, 0);
  CHECK(seen);
  ::munmap(memory, sizeof(Shared));
}
