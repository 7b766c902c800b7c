// When a wait of a test gives up. Generous: a deadline is met only by a test that fails.
#pragma once

#include <chrono>

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  Deadline() : Deadline(std::chrono::seconds(20)) {}
  Deadline(std::chrono::seconds patience) : end_(Clock::now() + patience) {}

  Clock::time_point end() const { return end_; }

  // What is left of it, for poll(2); 0 when it has passed.
  int milliseconds_left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
    return left.count() > 0 ? static_cast<int>(left.count()) : 0;
  }

 private:
  Clock::time_point end_;
};
