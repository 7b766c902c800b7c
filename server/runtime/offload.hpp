// Real threads, for what can't be made to wait in the reactor: a fiber hands a function over and waits until
// it has run. The worker owns four pools of them. A pool has no thread until it is used.
#pragma once

#include <atomic>
#include <boost/intrusive/slist.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "runtime/reactor.hpp"
#include "runtime/remote_wake.hpp"

namespace runtime {

// A pool has no thread, and none could be started.
struct NoThread : std::system_error {
  using std::system_error::system_error;
};

// SIGRTMAX-4: makes a call that blocks on a thread of a pool return. [any thread]
int interrupt_signal();

// Grows by a thread when something is to be done and all are busy, up to its limit; what is more waits its
// turn. A thread that has been idle for a while ends. The threads take no signals but those of their own
// faults, and are told apart by name: see pthread_setname_np(3).
class ThreadPool {
 public:
  // `name` is a literal of at most eight characters; its threads are `name-1`, `name-2`...
  ThreadPool(Reactor& reactor, const char* name, unsigned limit,
             Duration idle_time = std::chrono::seconds(10))
      : reactor_(reactor), name_(name), limit_(limit), idle_time_(idle_time) {}

  // Waits until all it was given is done. [worker]
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `function()` on a thread, suspends the calling fiber until it has returned, and hands on what it
  // returns or throws, and its errno. Allocates nothing but a thread. Throws NoThread before the function has
  // run. [worker, may suspend]
  template <typename Function>
  std::invoke_result_t<Function&> run(Function&& function) {
    using Result = std::invoke_result_t<Function&>;
    static_assert(!std::is_reference_v<Result>, "return a pointer instead");
    if constexpr (std::is_void_v<Result>) {
      auto call = [&] { function(); };
      run_erased([](void* it) { (*static_cast<decltype(call)*>(it))(); }, &call);
    } else {
      std::optional<Result> result;
      run([&] { result.emplace(function()); });
      return std::move(*result);
    }
  }

  // The same for a call of the system that a signal interrupts: where the fiber's task is cancelled, the
  // thread is sent interrupt_signal() until the call has returned, with EINTR if it heeds that: so it neither
  // blocks nor takes that one. [worker, may suspend]
  template <typename Function>
  void run_interruptibly(Function&& function) {
    run_erased([](void* it) { (*static_cast<std::remove_reference_t<Function>*>(it))(); }, &function,
               Cut::when_cancelled);
  }

  // The same for what may be left to end by itself: where the deadline passes or the fiber's task is
  // cancelled, the fiber goes on with nothing. `function` is moved away; it and what it returns own what they
  // use, and it throws nothing. [worker, may suspend]
  template <typename Function>
  std::optional<std::invoke_result_t<Function&>> run_until(TimePoint deadline, Function function) {
    auto job = std::make_unique<Abandonable<Function>>(reactor_, std::move(function));
    start(*job);
    return job.release()->wait_until(deadline);
  }

  // Something to be done by a thread of the pool, which forgets it before it calls work().
  class Job : public boost::intrusive::slist_base_hook<> {
   public:
    virtual void work() noexcept = 0;

   protected:
    ~Job() = default;
  };

  // Has a thread do it, and waits for nothing: the job outlives that. Throws as run() does; the job is then
  // not done. [worker]
  void start(Job& job);

 private:
  struct Idle;
  template <typename Function>
  class Abandonable;

  void run_erased(void (*function)(void*), void* argument, Cut cut = Cut::never);
  int add_thread() noexcept;
  void work();
  Job* next_job();

  Reactor& reactor_;
  const char* const name_;
  const unsigned limit_;
  const Duration idle_time_;

  std::mutex mutex_;
  boost::intrusive::slist<Job, boost::intrusive::cache_last<true>> jobs_;  // that wait for a thread
  Idle* idle_ = nullptr;  // the one that became idle last: so the others can grow old
  unsigned threads_ = 0;
  unsigned started_ = 0;  // so far
  bool ending_ = false;
  std::condition_variable ended_;
};

// Finds nothing of the fiber's stack when the fiber is gone: whoever of the two, the fiber and the thread, is
// done with it last deletes it.
template <typename Function>
class ThreadPool::Abandonable final : public Job {
 public:
  Abandonable(Reactor& reactor, Function function) : function_(std::move(function)), done_(reactor) {}

  // Ends this. [worker, may suspend]
  std::optional<std::invoke_result_t<Function&>> wait_until(TimePoint deadline) {
    if (done_.wait_until(deadline, Cut::when_cancelled) != Wake::signalled) {
      if (state_.exchange(State::given_up) == State::asked) return std::nullopt;
      done_.wait_until();  // the wake is on its way
    }
    const std::unique_ptr<Abandonable> ended(this);
    return std::move(result_);
  }

 private:
  enum class State { asked, answered, given_up };

  void work() noexcept override {
    if (state_ == State::asked) result_.emplace(function_());
    if (state_.exchange(State::answered) == State::given_up) {
      delete this;
    } else {
      done_.wake();
    }
  }

  Function function_;
  std::optional<std::invoke_result_t<Function&>> result_;
  std::atomic<State> state_ = State::asked;
  RemoteWake done_;
};

// A worker's pools. Apart, so that none can starve another.
struct Pools {
  explicit Pools(Reactor& reactor)
      : offload(reactor, "offload", 64),
        waits(reactor, "waits", 1024),
        names(reactor, "names", 128),
        disk(reactor, "disk", 16) {}

  ThreadPool offload;  // what plugins hand over
  ThreadPool waits;    // what waits for another of its kind, as locks do: with too few threads it never ends
  ThreadPool names;    // look-ups, which are slow when a name server is
  ThreadPool disk;     // reads of files to be sent: more at once make no disk faster
};

}  // namespace runtime
