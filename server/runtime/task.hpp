// What a fiber works on, told each time the fiber gets the thread and gives it up: how the worker knows
// which request runs now, however the fibers take turns. Lives on its fiber's stack.
#pragma once

#include "runtime/cancellation.hpp"

namespace runtime {

class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  // The task of the fiber that runs now, or null: outside a fiber, or in one that has none.
  static Task* current() noexcept { return current_; }

  // Makes `task` (or none) the current one and gives back the one before; tells both.
  static Task* exchange_current(Task* task) noexcept;

  // By which it can be ended before its time.
  Cancellation& cancellation() noexcept { return cancellation_; }
  const Cancellation& cancellation() const noexcept { return cancellation_; }

  // For ParkingSpot.
  void tell_interrupted() noexcept { interrupted(); }

  // Makes a task its fiber's for as long as this stands.
  class Running {
   public:
    explicit Running(Task& task) noexcept : before_(exchange_current(&task)) {}
    ~Running() { exchange_current(before_); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    Task* before_;
  };

 protected:
  ~Task() = default;

 private:
  virtual void resumed() noexcept = 0;
  virtual void suspended() noexcept = 0;

  // It has been cancelled, and its fiber is in a wait: now is the time to note where. Called on the fiber,
  // once for each request of the cancellation.
  virtual void interrupted() noexcept {}

  static inline constinit thread_local Task* current_ = nullptr;

  Cancellation cancellation_;
};

inline Task* Task::exchange_current(Task* task) noexcept {
  Task* const before = current_;
  if (before) before->suspended();
  current_ = task;
  if (task) task->resumed();
  return before;
}

}  // namespace runtime
