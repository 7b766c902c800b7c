#include <pthread.h>
#include <unistd.h>

#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"

TEST_CASE("fibers and a thread meet at a barrier, again and again, and one of them is told so") {
  constexpr int kRounds = 5;
  pthread_barrier_t barrier;
  ::pthread_barrier_init(&barrier, nullptr, 21);
  std::atomic<int> arrived = 0;
  std::atomic<int> serial = 0;
  std::atomic<int> wrong = 0;
  const auto meet = [&] {
    for (int round = 1; round <= kRounds; ++round) {
      ++arrived;
      const int result = ::pthread_barrier_wait(&barrier);
      if (result == PTHREAD_BARRIER_SERIAL_THREAD) {
        ++serial;
      } else if (result != 0) {
        ++wrong;
      }
      if (arrived < 21 * round) ++wrong;
    }
  };
  std::thread thread(meet);
  on_request_fibers(20, [&](int) { meet(); });
  thread.join();
  CHECK(serial == kRounds);
  CHECK(wrong == 0);
  ::pthread_barrier_destroy(&barrier);
}
