#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <shared_mutex>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "times.hpp"

using namespace std::chrono_literals;

TEST_CASE("fibers read together and write alone, with the lock held over a sleep") {
  std::shared_mutex mutex;
  int readers = 0;
  int most_readers = 0;
  int writers = 0;
  bool mixed = false;
  on_request_fibers(100, [&](int i) {
    if (i % 10 == 0) {
      const std::lock_guard lock(mutex);
      mixed = mixed || readers > 0 || ++writers > 1;
      ::usleep(2'000);
      --writers;
    } else {
      const std::shared_lock lock(mutex);
      mixed = mixed || writers > 0;
      most_readers = std::max(most_readers, ++readers);
      ::usleep(2'000);
      --readers;
    }
  });
  CHECK_FALSE(mixed);
  CHECK(most_readers >= 20);
}

TEST_CASE("the writer is a fiber, not its thread") {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  std::vector<int> owner;
  std::vector<int> other;
  bool released = false;
  bool too_early = false;
  on_request_fibers({[&] {
                       owner.push_back(::pthread_rwlock_wrlock(&lock));
                       owner.push_back(::pthread_rwlock_wrlock(&lock));
                       owner.push_back(::pthread_rwlock_rdlock(&lock));
                       ::usleep(5'000);
                       released = true;
                       owner.push_back(::pthread_rwlock_unlock(&lock));
                     },
                     [&] {
                       other.push_back(::pthread_rwlock_tryrdlock(&lock));
                       other.push_back(::pthread_rwlock_trywrlock(&lock));
                       other.push_back(::pthread_rwlock_rdlock(&lock));
                       too_early = !released;
                       other.push_back(::pthread_rwlock_unlock(&lock));
                     }});
  CHECK(owner == std::vector{0, EDEADLK, EDEADLK, 0});
  CHECK(other == std::vector{EBUSY, EBUSY, 0, 0});
  CHECK_FALSE(too_early);
  CHECK(::pthread_rwlock_trywrlock(&lock) == 0);
  CHECK(::pthread_rwlock_unlock(&lock) == 0);
}

TEST_CASE("a fiber that writes again and again lets the others read in between") {
  std::shared_mutex mutex;
  bool stop = false;
  int turns_of_writer = 0;
  on_request_fibers({[&] {
                       for (; turns_of_writer < 200 && !stop; ++turns_of_writer) {
                         const std::lock_guard lock(mutex);
                         ::usleep(1'000);
                       }
                     },
                     [&] {
                       for (int i = 0; i < 10; ++i) const std::shared_lock lock(mutex);
                       stop = true;
                     }});
  CHECK(turns_of_writer < 100);
}

TEST_CASE("waits for a read-write lock end in time") {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  const bool read_held = GENERATE(false, true);
  bool held = true;
  std::vector<int> results;
  const auto time =
      on_request_fibers({[&] {
                           read_held ? ::pthread_rwlock_rdlock(&lock) : ::pthread_rwlock_wrlock(&lock);
                           while (held) ::usleep(1'000);
                           ::pthread_rwlock_unlock(&lock);
                         },
                         [&] {
                           timespec until = time_in(20ms, CLOCK_REALTIME);
                           results.push_back(::pthread_rwlock_timedwrlock(&lock, &until));
                           until = time_in(20ms, CLOCK_MONOTONIC);
                           results.push_back(::pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &until));
                           until = time_in(20ms, CLOCK_REALTIME);
                           results.push_back(::pthread_rwlock_timedrdlock(&lock, &until));
                           if (results.back() == 0) ::pthread_rwlock_unlock(&lock);
                           until = time_in(20ms, CLOCK_MONOTONIC);
                           results.push_back(::pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &until));
                           if (results.back() == 0) ::pthread_rwlock_unlock(&lock);
                           const timespec invalid{0, 1'000'000'000};
                           results.push_back(::pthread_rwlock_timedrdlock(&lock, &invalid));
                           results.push_back(::pthread_rwlock_clockwrlock(&lock, CLOCK_BOOTTIME, &until));
                           held = false;
                         }});
  const int reading = read_held ? 0 : ETIMEDOUT;
  CHECK(results == std::vector{ETIMEDOUT, ETIMEDOUT, reading, reading, EINVAL, EINVAL});
  CHECK(time >= 39ms);
}

TEST_CASE("fibers wait for a thread that writes, and a thread for a fiber that does") {
  std::shared_mutex mutex;
  std::atomic<bool> thread_writes = false;
  std::atomic<bool> go_on = false;
  std::atomic<int> inside = 0;
  std::atomic<bool> mixed = false;
  std::thread thread([&] {
    {
      const std::lock_guard lock(mutex);
      ++inside;
      thread_writes = true;
      while (!go_on) std::this_thread::sleep_for(1ms);
      --inside;
    }
    while (inside == 0) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    if (inside != 0) mixed = true;
  });
  while (!thread_writes) std::this_thread::yield();
  on_request_fibers({[&] {
                       const std::lock_guard lock(mutex);
                       if (++inside != 1) mixed = true;
                       ::usleep(5'000);
                       --inside;
                     },
                     [&] {
                       ::usleep(2'000);
                       go_on = true;
                     }});
  thread.join();
  CHECK_FALSE(mixed);
}
