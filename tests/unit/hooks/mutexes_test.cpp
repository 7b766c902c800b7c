#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "runtime/thread_state.hpp"
#include "times.hpp"

using namespace std::chrono_literals;

namespace {

class Mutex {
 public:
  explicit Mutex(int type, int shared = PTHREAD_PROCESS_PRIVATE, int robust = PTHREAD_MUTEX_STALLED) {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_settype(&attributes, type);
    ::pthread_mutexattr_setpshared(&attributes, shared);
    ::pthread_mutexattr_setrobust(&attributes, robust);
    ::pthread_mutex_init(&mutex_, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { ::pthread_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  pthread_mutex_t* get() { return &mutex_; }
  int lock() { return ::pthread_mutex_lock(&mutex_); }
  int trylock() { return ::pthread_mutex_trylock(&mutex_); }
  int unlock() { return ::pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

// Fifty fibers hold it over a sleep, one after the other; who doesn't want it goes on meanwhile.
void check_one_at_a_time(const std::function<void()>& lock, const std::function<void()>& unlock) {
  int inside = 0;
  int most = 0;
  int done = 0;
  int others_turns = 0;
  std::vector<std::function<void()>> bodies(50, [&] {
    lock();
    most = std::max(most, ++inside);
    ::usleep(1'000);
    --inside;
    unlock();
    ++done;
  });
  bodies.emplace_back([&] {
    for (; done < 50; ++others_turns) ::usleep(1'000);
  });
  on_request_fibers(bodies);
  CHECK(most == 1);
  CHECK(done == 50);
  CHECK(others_turns >= 10);
}

}  // namespace

TEST_CASE("a mutex of any kind is held by one fiber at a time, over a sleep") {
  SECTION("POSIX") {
    Mutex mutex(GENERATE(as<int>{}, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK,
                         PTHREAD_MUTEX_ADAPTIVE_NP));
    check_one_at_a_time([&] { mutex.lock(); }, [&] { mutex.unlock(); });
  }
  SECTION("C11") {
    mtx_t mutex;
    ::mtx_init(&mutex, GENERATE(as<int>{}, mtx_plain, mtx_timed, mtx_plain | mtx_recursive));
    check_one_at_a_time([&] { ::mtx_lock(&mutex); }, [&] { ::mtx_unlock(&mutex); });
    ::mtx_destroy(&mutex);
  }
  SECTION("std::mutex") {
    std::mutex mutex;
    check_one_at_a_time([&] { mutex.lock(); }, [&] { mutex.unlock(); });
  }
  SECTION("std::recursive_mutex") {
    std::recursive_mutex mutex;
    check_one_at_a_time([&] { mutex.lock(); }, [&] { mutex.unlock(); });
  }
  SECTION("std::timed_mutex") {
    std::timed_mutex mutex;
    check_one_at_a_time(
        [&] {
          while (!mutex.try_lock_for(1ms)) continue;
        },
        [&] { mutex.unlock(); });
  }
}

TEST_CASE("a recursive mutex counts for the fiber that holds it, and is busy for the others") {
  Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
  std::vector<int> owner;
  std::vector<int> other;
  bool released = false;
  bool entered_too_early = false;
  on_request_fibers({[&] {
                       owner.push_back(mutex.lock());
                       owner.push_back(mutex.lock());
                       owner.push_back(mutex.trylock());
                       ::usleep(5'000);
                       for (int i = 0; i < 3; ++i) {
                         ::usleep(5'000);
                         released = i == 2;
                         owner.push_back(mutex.unlock());
                       }
                       owner.push_back(mutex.unlock());
                     },
                     [&] {
                       other.push_back(mutex.trylock());
                       other.push_back(mutex.unlock());
                       other.push_back(mutex.lock());
                       entered_too_early = !released;
                       other.push_back(mutex.unlock());
                     }});
  CHECK(owner == std::vector{0, 0, 0, 0, 0, 0, EPERM});
  CHECK(other == std::vector{EBUSY, EPERM, 0, 0});
  CHECK_FALSE(entered_too_early);
}

TEST_CASE("an error-checking mutex tells the fiber that holds it from the others") {
  Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
  const timespec passed{};
  std::vector<int> owner;
  std::vector<int> other;
  on_request_fibers({[&] {
                       owner.push_back(mutex.lock());
                       owner.push_back(mutex.lock());
                       owner.push_back(mutex.trylock());
                       owner.push_back(::pthread_mutex_timedlock(mutex.get(), &passed));
                       ::usleep(5'000);
                       owner.push_back(mutex.unlock());
                       owner.push_back(mutex.unlock());
                     },
                     [&] {
                       other.push_back(mutex.trylock());
                       other.push_back(mutex.unlock());
                       other.push_back(mutex.lock());
                       other.push_back(mutex.unlock());
                     }});
  CHECK(owner == std::vector{0, EDEADLK, EBUSY, EDEADLK, 0, EPERM});
  CHECK(other == std::vector{EBUSY, EPERM, 0, 0});
}

TEST_CASE("the host, called by the fiber that holds a mutex, holds it too") {
  Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
  std::vector<int> results;
  on_request_fibers(1, [&](int) {
    results.push_back(mutex.lock());
    const runtime::HostCode host;
    results.push_back(mutex.lock());
    results.push_back(mutex.unlock());
    results.push_back(mutex.unlock());
    results.push_back(mutex.unlock());
  });
  CHECK(results == std::vector{0, 0, 0, 0, EPERM});
}

TEST_CASE("what code outside of requests holds on the worker's thread is busy for its fibers") {
  Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
  std::vector<int> results;
  on_worker_thread([&](WorkerThread& worker) {
    mutex.lock();
    runtime::PluginCode::enabled = true;
    runtime::run_on_fiber(worker.stacks, [&] {
      runtime::ThreadState state(worker.reactor, worker.pools);
      const runtime::PluginCode code(state);
      results = {mutex.trylock(), mutex.unlock()};
    });
    results.push_back(mutex.unlock());
  });
  CHECK(results == std::vector{EBUSY, EPERM, 0});
}

TEST_CASE("a lock with a time limit ends in time") {
  Mutex mutex(GENERATE(as<int>{}, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE));
  bool held = true;
  std::vector<int> results;
  std::vector<runtime::Duration> times;
  const auto timed = [&](const std::function<int()>& lock) {
    const auto start = runtime::Clock::now();
    results.push_back(lock());
    times.push_back(runtime::Clock::now() - start);
  };
  on_request_fibers({[&] {
                       mutex.lock();
                       while (held) ::usleep(1'000);
                       mutex.unlock();
                     },
                     [&] {
                       timed([&] {
                         const timespec until = time_in(20ms, CLOCK_REALTIME);
                         return ::pthread_mutex_timedlock(mutex.get(), &until);
                       });
                       timed([&] {
                         const timespec until = time_in(20ms, CLOCK_MONOTONIC);
                         return ::pthread_mutex_clocklock(mutex.get(), CLOCK_MONOTONIC, &until);
                       });
                       timed([&] {
                         const timespec until = time_in(20ms, CLOCK_REALTIME);
                         return ::mtx_timedlock(reinterpret_cast<mtx_t*>(mutex.get()), &until);
                       });
                       const timespec passed{};
                       const timespec negative{-1, 0};
                       const timespec invalid{0, 1'000'000'000};
                       results.push_back(::pthread_mutex_timedlock(mutex.get(), &passed));
                       results.push_back(::pthread_mutex_timedlock(mutex.get(), &negative));
                       results.push_back(::pthread_mutex_timedlock(mutex.get(), &invalid));
                       results.push_back(::pthread_mutex_clocklock(mutex.get(), CLOCK_BOOTTIME, &passed));
                       held = false;
                       const timespec until = time_in(10s, CLOCK_REALTIME);
                       results.push_back(::pthread_mutex_timedlock(mutex.get(), &until));
                     }});
  CHECK(results ==
        std::vector{ETIMEDOUT, ETIMEDOUT, int{thrd_timedout}, ETIMEDOUT, ETIMEDOUT, EINVAL, EINVAL, 0});
  for (const auto time : times) {
    CHECK(time >= 19ms);
    CHECK(time < 5s);
  }
}

TEST_CASE("a fiber that takes a mutex again as soon as it has let go lets the others have it in between") {
  std::mutex mutex;
  bool stop = false;
  int turns_of_first = 0;
  on_request_fibers({[&] {
                       for (; turns_of_first < 200 && !stop; ++turns_of_first) {
                         const std::lock_guard lock(mutex);
                         ::usleep(1'000);
                       }
                     },
                     [&] {
                       for (int i = 0; i < 10; ++i) {
                         const std::lock_guard lock(mutex);
                         ::usleep(1'000);
                       }
                       stop = true;
                     }});
  CHECK(turns_of_first < 100);
}

TEST_CASE("a loop over pthread_mutex_trylock lets the holder go on") {
  std::mutex mutex;
  bool got_it = false;
  on_request_fibers({[&] {
                       const std::lock_guard lock(mutex);
                       ::usleep(5'000);
                     },
                     [&] {
                       while (!mutex.try_lock()) continue;
                       got_it = true;
                       mutex.unlock();
                     }});
  CHECK(got_it);
}

TEST_CASE("fibers wait for a mutex that a thread holds, and the reactor turns meanwhile") {
  std::mutex mutex;
  std::atomic<bool> release = false;
  bool free_when_taken = false;
  mutex.lock();
  std::thread thread;
  std::atomic<bool> locked = false;
  mutex.unlock();
  thread = std::thread([&] {
    const std::lock_guard lock(mutex);
    locked = true;
    while (!release) std::this_thread::sleep_for(1ms);
  });
  while (!locked) std::this_thread::yield();
  on_request_fibers({[&] {
                       const std::lock_guard lock(mutex);
                       free_when_taken = release;
                     },
                     [&] {
                       ::usleep(5'000);
                       release = true;
                     }});
  thread.join();
  CHECK(free_when_taken);
}

TEST_CASE("a thread that waits for a condition gives its mutex to fibers that wait") {
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> locked = false;
  std::atomic<bool> let_wait = false;
  bool passed_on = false;
  std::thread thread([&] {
    std::unique_lock lock(mutex);
    locked = true;
    while (!let_wait) std::this_thread::sleep_for(1ms);
    condition.wait(lock, [&] { return passed_on; });
  });
  while (!locked) std::this_thread::yield();
  on_request_fibers({[&] {
                       const std::lock_guard lock(mutex);
                       passed_on = true;
                       condition.notify_one();
                     },
                     [&] {
                       ::usleep(2'000);
                       let_wait = true;
                     }});
  thread.join();
  CHECK(passed_on);
}

TEST_CASE("a mutex that another process lets go of is found free, and a robust one that it died with") {
  struct Shared {
    Shared(bool robust)
        : mutex(PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED,
                robust ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED) {}
    Mutex mutex;
    std::atomic<bool> locked = false;
    std::atomic<bool> release = false;
  };
  const bool dies = GENERATE(false, true);
  void* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  auto& shared = *new (memory) Shared(dies);
  const pid_t child = ::fork();
  if (child == 0) {
    shared.mutex.lock();
    shared.locked = true;
    while (!shared.release) ::usleep(1'000);
    if (!dies) shared.mutex.unlock();
    ::_exit(0);
  }
  while (!shared.locked) std::this_thread::yield();
  int result = -1;
  on_request_fibers({[&] {
                       result = shared.mutex.lock();
                       if (result == EOWNERDEAD) ::pthread_mutex_consistent(shared.mutex.get());
                       shared.mutex.unlock();
                     },
                     [&] {
                       ::usleep(2'000);
                       shared.release = true;
                     }});
  ::waitpid(child, nullptr, 0);
  CHECK(result == (dies ? EOWNERDEAD : 0));
  shared.~Shared();
  ::munmap(memory, sizeof(Shared));
}

TEST_CASE("outside a request's fiber a lock is the real one") {
  Mutex mutex(PTHREAD_MUTEX_RECURSIVE);
  CHECK(mutex.lock() == 0);
  CHECK(mutex.lock() == 0);
  int from_thread = 0;
  std::thread([&] { from_thread = mutex.trylock(); }).join();
  CHECK(from_thread == EBUSY);
  CHECK(mutex.unlock() == 0);
  CHECK(mutex.unlock() == 0);
  CHECK(mutex.unlock() == EPERM);
}
