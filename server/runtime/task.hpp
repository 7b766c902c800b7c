// What a fiber works on, told each time the fiber gets the thread and gives it up: how the worker knows
// which request runs now, however the fibers take turns. Lives on its fiber's stack.
#pragma once

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

  static inline constinit thread_local Task* current_ = nullptr;
};

inline Task* Task::exchange_current(Task* task) noexcept {
  Task* const before = current_;
  if (before) before->suspended();
  current_ = task;
  if (task) task->resumed();
  return before;
}

}  // namespace runtime
