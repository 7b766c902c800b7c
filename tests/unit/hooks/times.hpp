// Points in time as POSIX takes them.
#pragma once

#include <time.h>

#include <chrono>

inline timespec time_in(std::chrono::nanoseconds from_now, clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  const auto time = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) + from_now;
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  return {whole.count(), static_cast<long>((time - whole).count())};
}
