// What C and C++ libraries take to belong to a thread, kept for one request's fiber: to the plugin's code,
// its fiber is a thread. Made with the request's task, on the fiber's stack; used on the worker's thread
// alone.
#pragma once

#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "runtime/clock.hpp"
#include "runtime/specifics.hpp"
#include "runtime/thread_locals.hpp"
#include "runtime/thread_settings.hpp"

namespace runtime {

class Reactor;
struct Pools;

class ThreadState {
 public:
  // `own` are the thread_local variables that the request has for itself; null: none.
  explicit ThreadState(Reactor& reactor, Pools& pools, const ThreadLocalImage* own = nullptr)
      : reactor_(reactor), pools_(pools), thread_locals_(own) {}
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
  Pools& pools() const { return pools_; }

  // What pthread_self() is on this fiber: odd, which no real thread's is.
  pthread_t self() const { return reinterpret_cast<std::uintptr_t>(this) | 1; }
  static bool is_fiber(pthread_t thread) { return thread & 1; }

  // What takes the place of its thread's id, where libc writes one down: no real thread's is as large
  // (PID_MAX_LIMIT, proc(5)).
  int id() const { return id_ != 0 ? id_ : id_ = next_id(); }
  static bool is_fiber_id(int id) { return id & kFiberId; }

  // The state of a fiber by what its self() is; as with a thread's, the fiber must not have ended.
  static ThreadState& of(pthread_t fiber) { return *reinterpret_cast<ThreadState*>(fiber & ~pthread_t{1}); }

  // The thread that all fibers of this process run on; 0 where it is no worker. [any thread]
  static pthread_t worker_thread() noexcept { return worker_thread_; }

  // Makes the calling thread the worker's. For the scheduler.
  static void adopt_thread() noexcept { worker_thread_ = ::pthread_self(); }

  // In the child of a fork no reactor turns: the call keeps its identity there, and waits as it would in any
  // process.
  static bool may_wait() noexcept { return !forked_; }
  static bool in_forked_child() noexcept { return forked_; }
  static void note_forked() noexcept { forked_ = true; }

  // Ends a forked child that would go on as a second worker on the same sockets. `what` it did is logged.
  [[noreturn]] static void end_forked_child(const std::string& what);

  // Lets the others have a turn now and then, for a caller that never finds anything to wait for. To be
  // called when something has succeeded at once. [worker, may suspend]
  void give_way() {
    if (++in_a_row_ % kLookEach == 0) look_whether_to_yield();
  }

  // The fiber is about to wait, or to give the thread up.
  void waits() { in_a_row_ = 0; }

  Specifics& specifics() { return specifics_; }
  ThreadLocals& thread_locals() { return thread_locals_; }
  ThreadSettings& settings() { return settings_; }

  // pthread_setname_np(3) for the fiber; empty until it is given one.
  std::array<char, 16>& name() { return name_; }

  // Room for what the hooks keep until the request ends.
  struct Kept {
    virtual ~Kept() = default;
  };
  std::unique_ptr<Kept>& kept() { return kept_; }

  // Runs the destructors that are due at a thread's end. To be called once the plugin's code has returned, as
  // its code. [worker, may suspend]
  void end() noexcept;

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
  static inline constinit pthread_t worker_thread_ = 0;
  static inline constinit bool forked_ = false;

  Reactor& reactor_;
  Pools& pools_;
  mutable int id_ = 0;  // until it is asked for
  unsigned in_a_row_ = 0;
  std::array<char, 16> name_{};
  Specifics specifics_;
  ThreadLocals thread_locals_;
  ThreadSettings settings_;
  std::unique_ptr<Kept> kept_;
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
