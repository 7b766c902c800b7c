#include <pthread.h>
#include <unistd.h>

#include <chrono>

#include "catch.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

TEST_CASE("a spin lock that a fiber holds over a sleep is waited for, for the most part without spinning") {
  pthread_spinlock_t lock;
  ::pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  int inside = 0;
  int most = 0;
  timespec before{};
  timespec after{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  on_request_fibers(3, [&](int) {
    ::pthread_spin_lock(&lock);
    most = std::max(most, ++inside);
    ::usleep(100'000);
    --inside;
    ::pthread_spin_unlock(&lock);
  });
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  CHECK(most == 1);
  CHECK((after.tv_sec - before.tv_sec) * 1'000 + (after.tv_nsec - before.tv_nsec) / 1'000'000 < 100);
  ::pthread_spin_destroy(&lock);
}

TEST_CASE("a loop over pthread_spin_trylock lets the holder go on") {
  pthread_spinlock_t lock;
  ::pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  bool got_it = false;
  on_request_fibers({[&] {
                       ::pthread_spin_lock(&lock);
                       ::usleep(5'000);
                       ::pthread_spin_unlock(&lock);
                     },
                     [&] {
                       while (::pthread_spin_trylock(&lock) != 0) continue;
                       got_it = true;
                       ::pthread_spin_unlock(&lock);
                     }});
  CHECK(got_it);
  ::pthread_spin_destroy(&lock);
}
