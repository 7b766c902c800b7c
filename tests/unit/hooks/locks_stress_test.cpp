// Fibers and threads at once on one thing, for a while: what must hold is counted.
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

// Runs `body` on four threads and on twenty fibers, until 300 ms have passed.
void together(const std::function<void()>& body) {
  const auto end = runtime::Clock::now() + 300ms;
  const auto run = [&] {
    while (runtime::Clock::now() < end) {
      body();
      ::sched_yield();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(run);
  on_request_fibers(20, [&](int) { run(); });
  for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("stress: a mutex of each kind") {
  const int type =
      GENERATE(as<int>{}, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutexattr_t attributes;
  ::pthread_mutexattr_init(&attributes);
  ::pthread_mutexattr_settype(&attributes, type);
  pthread_mutex_t mutex;
  ::pthread_mutex_init(&mutex, &attributes);
  std::atomic<int> inside = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> turn = 0;
  together([&] {
    if (::pthread_mutex_lock(&mutex) != 0) ++wrong;
    if (++inside != 1) ++wrong;
    if (++turn % 8 == 0) ::usleep(50);
    --inside;
    if (::pthread_mutex_unlock(&mutex) != 0) ++wrong;
  });
  CHECK(wrong == 0);
  CHECK(::pthread_mutex_destroy(&mutex) == 0);
}

TEST_CASE("stress: a queue with a mutex and a condition") {
  std::mutex mutex;
  std::condition_variable condition;
  std::deque<int> queue;
  std::atomic<long> pushed = 0;
  std::atomic<long> popped = 0;
  std::atomic<int> turn = 0;
  together([&] {
    {
      const std::lock_guard lock(mutex);
      queue.push_back(1);
      ++pushed;
      if (++turn % 16 == 0) ::usleep(50);
    }
    condition.notify_one();
    std::unique_lock lock(mutex);
    condition.wait(lock, [&] { return !queue.empty(); });
    queue.pop_front();
    ++popped;
  });
  CHECK(pushed == popped);
  CHECK(queue.empty());
}

TEST_CASE("stress: a semaphore with three places") {
  sem_t semaphore;
  ::sem_init(&semaphore, 0, 3);
  std::atomic<int> inside = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> turn = 0;
  together([&] {
    ::sem_wait(&semaphore);
    if (++inside > 3) ++wrong;
    if (++turn % 8 == 0) ::usleep(50);
    --inside;
    ::sem_post(&semaphore);
  });
  int value = 0;
  ::sem_getvalue(&semaphore, &value);
  CHECK(wrong == 0);
  CHECK(value == 3);
}

TEST_CASE("stress: a read-write lock") {
  std::shared_mutex mutex;
  std::atomic<int> readers = 0;
  std::atomic<int> writers = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> turn = 0;
  together([&] {
    const int mine = ++turn;
    if (mine % 5 == 0) {
      const std::lock_guard lock(mutex);
      if (++writers != 1 || readers != 0) ++wrong;
      if (mine % 16 == 0) ::usleep(50);
      --writers;
    } else {
      const std::shared_lock lock(mutex);
      ++readers;
      if (writers != 0) ++wrong;
      if (mine % 16 == 0) ::usleep(50);
      --readers;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("stress: locks with a time limit") {
  std::timed_mutex mutex;
  std::atomic<int> inside = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> turn = 0;
  together([&] {
    if (!mutex.try_lock_for(20us)) return;
    if (++inside != 1) ++wrong;
    if (++turn % 4 == 0) ::usleep(50);
    --inside;
    mutex.unlock();
  });
  CHECK(wrong == 0);
  CHECK(mutex.try_lock());
  mutex.unlock();
}

TEST_CASE("stress: what is to be done once, and often") {
  constexpr std::size_t kFlags = 4'096;
  static std::once_flag flags[kFlags];
  std::atomic<std::size_t> next = 0;
  static std::atomic<int> done[kFlags];
  std::atomic<int> wrong = 0;
  together([&] {
    const std::size_t i = next++ / 8;
    if (i >= kFlags) {
      ::usleep(1'000);
      return;
    }
    std::call_once(flags[i], [&] {
      if (i % 16 == 0) ::usleep(50);
      ++done[i];
    });
    if (done[i] != 1) ++wrong;
  });
  CHECK(wrong == 0);
}
