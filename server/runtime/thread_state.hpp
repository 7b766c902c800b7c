// What C and C++ libraries take to belong to a thread, kept for one request's fiber: to the plugin's code,
// its fiber is a thread. Made with the request's task, on the fiber's stack; used on the worker's thread
// alone.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <utility>

#include "runtime/clock.hpp"

namespace runtime {

class Reactor;

class ThreadState {
 public:
  explicit ThreadState(Reactor& reactor) : reactor_(reactor) {}
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  // The state of the request whose plugin code calls, or null: in the master, on any other thread, on a fiber
  // that serves no request, inside the host, and where hooks are off. It is the gate of every hook.
  static ThreadState* active() noexcept { return active_; }

  // Makes `state` (or none) the active one and gives back the one before.
  static ThreadState* exchange_active(ThreadState* state) noexcept { return std::exchange(active_, state); }

  // The state of the request whose fiber runs, inside the host as well: who it is that calls, where active()
  // says whether it is to be suspended.
  static ThreadState* current() noexcept { return current_; }
  static ThreadState* exchange_current(ThreadState* state) noexcept { return std::exchange(current_, state); }

  Reactor& reactor() const { return reactor_; }

  // What pthread_self() is on this fiber: odd, which no real thread's is.
  pthread_t self() const { return reinterpret_cast<std::uintptr_t>(this) | 1; }
  static bool is_fiber(pthread_t thread) { return thread & 1; }

  // What takes the place of its thread's id, where libc writes one down: no real thread's is as large
  // (PID_MAX_LIMIT, proc(5)).
  int id() const { return id_; }
  static bool is_fiber_id(int id) { return id & kFiberId; }

  // In the child of a fork no reactor turns: the call keeps its identity there, and waits as it would in any
  // process.
  bool may_wait() const { return !forked_; }
  void note_forked() { forked_ = true; }

  // Lets the others have a turn now and then, for a caller that never finds anything to wait for. To be
  // called when something has succeeded at once. [worker, may suspend]
  void give_way() {
    if (++in_a_row_ % kLookEach == 0) look_whether_to_yield();
  }

  // The fiber is about to wait, or to give the thread up.
  void waits() { in_a_row_ = 0; }

 private:
  static constexpr unsigned kLookEach = 8;
  static constexpr int kFiberId = 1 << 30;

  static int next_id() noexcept {
    return kFiberId | static_cast<int>(ids_.fetch_add(1, std::memory_order_relaxed) % kFiberId);
  }

  void look_whether_to_yield();

  static inline constinit thread_local ThreadState* active_ = nullptr;
  static inline constinit thread_local ThreadState* current_ = nullptr;
  static inline constinit std::atomic<unsigned> ids_{0};

  Reactor& reactor_;
  const int id_ = next_id();
  bool forked_ = false;
  unsigned in_a_row_ = 0;
};

// The host runs for as long as this stands, though a plugin has called it: nothing is hooked.
class HostCode {
 public:
  HostCode() : plugin_(ThreadState::exchange_active(nullptr)) {}
  ~HostCode() { ThreadState::exchange_active(plugin_); }
  HostCode(const HostCode&) = delete;
  HostCode& operator=(const HostCode&) = delete;

 private:
  ThreadState* const plugin_;
};

// The code of a request's plugin runs for as long as this stands, and its blocking calls are hooked.
class PluginCode {
 public:
  explicit PluginCode(ThreadState& state)
      : before_(ThreadState::exchange_active(enabled ? &state : nullptr)),
        current_before_(ThreadState::exchange_current(enabled ? &state : nullptr)) {}
  ~PluginCode() {
    ThreadState::exchange_current(current_before_);
    ThreadState::exchange_active(before_);
  }
  PluginCode(const PluginCode&) = delete;
  PluginCode& operator=(const PluginCode&) = delete;

  // --hooks: set before the first request.
  static inline bool enabled = false;

 private:
  ThreadState* const before_;
  ThreadState* const current_before_;
};

}  // namespace runtime
