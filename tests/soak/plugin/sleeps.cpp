// Sleeping, names, and what must survive it: errno, a caught exception, who the caller is.
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "operations.hpp"

namespace soak {

void pause(Dice& dice) {
  const int microseconds = dice.roll(3'000);
  const timespec time{0, microseconds * 1'000L};
  switch (dice.roll(7)) {
    case 0:
      ::usleep(static_cast<useconds_t>(microseconds));
      break;
    case 1:
      ::nanosleep(&time, nullptr);
      break;
    case 2:
      ::clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr);
      break;
    case 3:
      std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
      break;
    case 4:
      ::poll(nullptr, 0, microseconds / 1'000);
      break;
    case 5: {
      timeval limit{0, microseconds};
      ::select(0, nullptr, nullptr, nullptr, &limit);
      break;
    }
    default:
      ::sched_yield();
  }
}

namespace {

using Clock = std::chrono::steady_clock;

void sleeps_its_time(Dice& dice) {
  const auto time = std::chrono::milliseconds(dice.roll(20));
  const auto start = Clock::now();
  std::this_thread::sleep_for(time);
  require(Clock::now() - start >= time, "a sleep was too short");
}

void keeps_errno(Dice& dice) {
  const int error = 1 + dice.roll(100);
  errno = error;
  ::usleep(static_cast<useconds_t>(dice.roll(2'000)));
  require(errno == error, "errno is another's");
}

void rethrows_its_own(Dice& dice) {
  const int mine = dice.roll(1'000'000);
  try {
    try {
      throw mine;
    } catch (...) {
      pause(dice);
      throw;
    }
  } catch (int caught) {
    require(caught == mine, "the exception is another's");
  }
}

void is_itself(Dice& dice) {
  const pthread_t me = ::pthread_self();
  const auto id = std::this_thread::get_id();
  pause(dice);
  require(::pthread_equal(me, ::pthread_self()) != 0, "pthread_self has changed");
  require(id == std::this_thread::get_id(), "std::this_thread::get_id has changed");
}

void looks_up_a_name(Dice&) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  addrinfo* found = nullptr;
  require(::getaddrinfo("localhost", "80", &hints, &found) == 0 && found, "localhost was not found");
  ::freeaddrinfo(found);
}

constexpr Operation kTable[] = {{"sleep", sleeps_its_time},
                                {"errno", keeps_errno},
                                {"exception", rethrows_its_own},
                                {"identity", is_itself},
                                {"name", looks_up_a_name}};

}  // namespace

const std::span<const Operation> kSleeps = kTable;

}  // namespace soak
