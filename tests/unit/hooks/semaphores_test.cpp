#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "catch.hpp"
#include "request_fibers.hpp"
#include "times.hpp"

using namespace std::chrono_literals;

namespace {

struct Semaphore {
  explicit Semaphore(unsigned value) { ::sem_init(&semaphore, 0, value); }
  ~Semaphore() { ::sem_destroy(&semaphore); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  sem_t semaphore;
};

}  // namespace

TEST_CASE("a semaphore lets as many fibers in as it counts") {
  Semaphore places(10);
  int inside = 0;
  int most = 0;
  const auto time = on_request_fibers(100, [&](int) {
    ::sem_wait(&places.semaphore);
    most = std::max(most, ++inside);
    ::usleep(10'000);
    --inside;
    ::sem_post(&places.semaphore);
  });
  CHECK(most == 10);
  CHECK(time >= 100ms);
  CHECK(time < 2s);
}

TEST_CASE("fibers wait for what threads post, and threads for what fibers post") {
  Semaphore to_fibers(0);
  Semaphore to_thread(0);
  std::thread thread([&] {
    for (int i = 0; i < 1'000; ++i) {
      ::sem_wait(&to_thread.semaphore);
      ::sem_post(&to_fibers.semaphore);
    }
  });
  int answers = 0;
  on_request_fibers(10, [&](int) {
    for (int i = 0; i < 100; ++i) {
      ::sem_post(&to_thread.semaphore);
      ::sem_wait(&to_fibers.semaphore);
      ++answers;
    }
  });
  thread.join();
  CHECK(answers == 1'000);
}

TEST_CASE("a wait for a semaphore ends in time, and errno tells only of failures") {
  Semaphore none(0);
  Semaphore one(1);
  std::vector<int> errors;
  const auto time = on_request_fibers(1, [&](int) {
    const auto note = [&](int result) {
      errors.push_back(result == 0 ? 0 : errno);
      errno = EXDEV;
    };
    errno = EXDEV;
    timespec until = time_in(20ms, CLOCK_REALTIME);
    note(::sem_timedwait(&none.semaphore, &until));
    until = time_in(20ms, CLOCK_MONOTONIC);
    note(::sem_clockwait(&none.semaphore, CLOCK_MONOTONIC, &until));
    const timespec invalid{0, 1'000'000'000};
    note(::sem_timedwait(&none.semaphore, &invalid));
    note(::sem_clockwait(&none.semaphore, CLOCK_BOOTTIME, &until));
    note(::sem_trywait(&none.semaphore));
    note(::sem_timedwait(&one.semaphore, &until));
    errors.push_back(errno);
  });
  CHECK(errors == std::vector{ETIMEDOUT, ETIMEDOUT, EINVAL, EINVAL, EAGAIN, 0, EXDEV});
  CHECK(time >= 39ms);
}

TEST_CASE("a fiber that takes a semaphore again as soon as it has posted lets the others have it") {
  Semaphore one(1);
  bool stop = false;
  int turns_of_first = 0;
  on_request_fibers({[&] {
                       for (; turns_of_first < 200 && !stop; ++turns_of_first) {
                         ::sem_wait(&one.semaphore);
                         ::usleep(1'000);
                         ::sem_post(&one.semaphore);
                       }
                     },
                     [&] {
                       for (int i = 0; i < 10; ++i) {
                         ::sem_wait(&one.semaphore);
                         ::sem_post(&one.semaphore);
                       }
                       stop = true;
                     }});
  CHECK(turns_of_first < 100);
}

TEST_CASE("a loop over sem_trywait lets the one that posts go on") {
  Semaphore none(0);
  bool got_it = false;
  on_request_fibers({[&] {
                       while (::sem_trywait(&none.semaphore) != 0) continue;
                       got_it = true;
                     },
                     [&] {
                       ::usleep(5'000);
                       ::sem_post(&none.semaphore);
                     }});
  CHECK(got_it);
}

TEST_CASE("what another process posts is found") {
  void* const memory =
      ::mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  auto* const semaphore = static_cast<sem_t*>(memory);
  ::sem_init(semaphore, 1, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::usleep(5'000);
    ::sem_post(semaphore);
    ::_exit(0);
  }
  int result = -1;
  on_request_fibers(1, [&](int) { result = ::sem_wait(semaphore); });
  ::waitpid(child, nullptr, 0);
  CHECK(result == 0);
  ::munmap(memory, sizeof(sem_t));
}
