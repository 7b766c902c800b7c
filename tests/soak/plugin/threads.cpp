// Threads that a request starts and joins, and what it keeps as if it were one itself.
#include <pthread.h>

#include <appserver/offload.hpp>
#include <future>
#include <thread>
#include <vector>

#include "operations.hpp"

namespace soak {
namespace {

int sum_to(int count) {
  int sum = 0;
  for (int i = 1; i <= count; ++i) sum += i;
  return sum;
}

void joins_threads(Dice& dice) {
  const int count = 1 + dice.roll(4);
  std::vector<int> sums(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&sums, i] {
      std::this_thread::sleep_for(std::chrono::microseconds(500 * i));
      sums[static_cast<std::size_t>(i)] = sum_to(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < count; ++i)
    require(sums[static_cast<std::size_t>(i)] == sum_to(i), "join came too early");
}

void waits_for_a_future(Dice& dice) {
  const int count = dice.roll(1'000);
  auto future = std::async(std::launch::async, [count] {
    std::this_thread::sleep_for(std::chrono::microseconds(count));
    return sum_to(count);
  });
  require(future.get() == sum_to(count), "a future has a wrong value");
}

void offloads(Dice& dice) {
  const int count = dice.roll(1'000);
  const int sum = appserver::offload([count] {
    std::this_thread::sleep_for(std::chrono::microseconds(count));
    return sum_to(count);
  });
  require(sum == sum_to(count), "offload gave a wrong value");
  try {
    appserver::offload([count]() -> int { throw count; });
    require(false, "offload lost an exception");
  } catch (int thrown) {
    require(thrown == count, "offload threw another's exception");
  }
}

pthread_key_t key() {
  static const pthread_key_t made = [] {
    pthread_key_t fresh{};
    ::pthread_key_create(&fresh, [](void* value) { delete static_cast<int*>(value); });
    return fresh;
  }();
  return made;
}

// The value is the request's own; the last one is freed by the key's destructor.
void keeps_its_own_value(Dice& dice) {
  auto* const value = new int(dice.roll(1'000'000));
  const int number = *value;
  delete static_cast<int*>(::pthread_getspecific(key()));
  ::pthread_setspecific(key(), value);
  pause(dice);
  require(::pthread_getspecific(key()) == value && *value == number, "a key's value is another's");
}

thread_local int scratch = 0;

void keeps_its_own_thread_local(Dice& dice) {
  const int number = dice.roll(1'000'000);
  scratch = number;
  pause(dice);
  require(scratch == number, "a thread_local is another's");
}

constexpr Operation kTable[] = {{"threads", joins_threads},
                                {"future", waits_for_a_future},
                                {"offload", offloads},
                                {"key", keeps_its_own_value},
                                {"thread_local", keeps_its_own_thread_local}};

}  // namespace

const std::span<const Operation> kThreads = kTable;

}  // namespace soak
