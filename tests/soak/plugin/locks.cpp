// Locks, conditions, semaphores and guards that all requests of a worker, and threads of theirs, share.
#include <semaphore.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include "operations.hpp"

namespace soak {
namespace {

using std::chrono::seconds;

template <typename Mutex>
struct Account {
  Mutex mutex;
  int mine = 500;
  int yours = 500;
};

// The sum is what it was, however long the lock was held.
template <typename Mutex>
void transfer(Dice& dice, Account<Mutex>& account, std::unique_lock<Mutex> lock) {
  require(lock.owns_lock(), "a lock was not had in ten seconds");
  const int amount = dice.roll(100) - 50;
  account.mine -= amount;
  pause(dice);
  account.yours += amount;
  require(account.mine + account.yours == 1'000, "two held one lock");
}

void holds_a_mutex(Dice& dice) {
  static Account<std::mutex> account;
  transfer(dice, account, std::unique_lock(account.mutex));
}

void holds_a_recursive_mutex(Dice& dice) {
  static Account<std::recursive_mutex> account;
  const std::lock_guard outer(account.mutex);
  transfer(dice, account, std::unique_lock(account.mutex));
}

void holds_a_timed_mutex(Dice& dice) {
  static Account<std::timed_mutex> account;
  transfer(dice, account, std::unique_lock(account.mutex, seconds(10)));
}

void reads_or_writes(Dice& dice) {
  static std::shared_mutex mutex;
  static std::array<int, 2> versions{};
  if (dice.roll(4) == 0) {
    const std::unique_lock lock(mutex);
    ++versions[0];
    pause(dice);
    ++versions[1];
  } else {
    const std::shared_lock lock(mutex);
    const auto seen = versions;
    pause(dice);
    require(seen == versions && seen[0] == seen[1], "it was written under a reader's lock");
  }
}

// As many come out as go in; a thread puts in some of them.
void goes_through_a_queue(Dice& dice) {
  static std::mutex mutex;
  static std::condition_variable filled;
  static std::deque<int> queue;
  const auto put = [](int value) {
    const std::lock_guard lock(mutex);
    queue.push_back(value);
    filled.notify_one();
  };
  const int value = 1 + dice.roll(1'000);
  std::thread thread;
  if (dice.roll(2) == 0) {
    thread = std::thread(put, value);
  } else {
    put(value);
  }
  {
    std::unique_lock lock(mutex);
    const bool got = filled.wait_for(lock, seconds(10), [] { return !queue.empty(); });
    if (got) {
      require(queue.front() > 0, "the queue has what nobody put there");
      queue.pop_front();
    }
    lock.unlock();
    if (thread.joinable()) thread.join();
    require(got, "nothing came through the queue in ten seconds");
  }
}

struct Permits {
  static constexpr int kCount = 3;
  std::atomic<int> held{0};

  void use(Dice& dice) {
    const bool too_many = ++held > kCount;
    pause(dice);
    --held;
    require(!too_many, "a semaphore let too many in");
  }
};

void takes_a_permit(Dice& dice) {
  static std::counting_semaphore<Permits::kCount> semaphore(Permits::kCount);
  static Permits permits;
  semaphore.acquire();
  try {
    permits.use(dice);
  } catch (...) {
    semaphore.release();
    throw;
  }
  semaphore.release();
}

void takes_a_posix_permit(Dice& dice) {
  struct Semaphore {
    Semaphore() { ::sem_init(&sem, 0, Permits::kCount); }
    sem_t sem;
  };
  static Semaphore semaphore;
  static Permits permits;
  ::sem_wait(&semaphore.sem);
  try {
    permits.use(dice);
  } catch (...) {
    ::sem_post(&semaphore.sem);
    throw;
  }
  ::sem_post(&semaphore.sem);
}

void initialises_once(Dice& dice) {
  constexpr int kFlags = 64;
  static std::array<std::once_flag, kFlags> flags;
  static std::array<std::atomic<int>, kFlags> times{};
  const auto i = static_cast<std::size_t>(dice.roll(kFlags));
  std::call_once(flags[i], [&] {
    pause(dice);
    ++times[i];
  });
  require(times[i] == 1, "call_once called " + std::to_string(times[i]) + " times");
}

template <int Number>
int guarded_value(Dice& dice) {
  static std::atomic<int> times = 0;
  static const int value = [&] {
    pause(dice);
    return ++times;
  }();
  return value;
}

void initialises_a_static(Dice& dice) {
  constexpr auto kValues =
      std::to_array<int (*)(Dice&)>({guarded_value<0>, guarded_value<1>, guarded_value<2>, guarded_value<3>,
                                     guarded_value<4>, guarded_value<5>, guarded_value<6>, guarded_value<7>});
  require(kValues[static_cast<std::size_t>(dice.roll(8))](dice) == 1, "a static was initialised twice");
}

void waits_for_an_atomic(Dice& dice) {
  std::atomic<int> value = 0;
  std::latch both(2);
  Dice own(static_cast<std::uint64_t>(dice.roll(1 << 30)));
  std::thread thread([&] {
    pause(own);
    value = 1;
    value.notify_all();
    both.arrive_and_wait();
  });
  value.wait(0);
  both.arrive_and_wait();
  thread.join();
  require(value == 1, "an atomic was not waited for");
}

constexpr Operation kTable[] = {{"mutex", holds_a_mutex},
                                {"recursive mutex", holds_a_recursive_mutex},
                                {"timed mutex", holds_a_timed_mutex},
                                {"shared mutex", reads_or_writes},
                                {"queue", goes_through_a_queue},
                                {"semaphore", takes_a_permit},
                                {"POSIX semaphore", takes_a_posix_permit},
                                {"once", initialises_once},
                                {"static", initialises_a_static},
                                {"atomic", waits_for_an_atomic}};

}  // namespace

const std::span<const Operation> kLocks = kTable;

}  // namespace soak
