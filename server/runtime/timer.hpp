// Calls a function when its time has come, in the reactor. Unlike Asio's timers it allocates nothing: the
// loop has to go on where there is no memory, and its timeouts with it. Owned by who is to be called;
// outlived by the reactor.
#pragma once

#include <boost/intrusive/set.hpp>
#include <functional>
#include <utility>

#include "runtime/clock.hpp"

namespace runtime {

class Reactor;

class Timer
    : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // What `expired` throws ends the process. It may start the timer anew, or destroy it.
  Timer(Reactor& reactor, std::function<void()> expired) : reactor_(reactor), expired_(std::move(expired)) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Starts it, anew where it runs already. [worker]
  void expire_at(TimePoint when) noexcept;
  void expire_after(Duration time) noexcept { expire_at(Clock::now() + time); }

  void cancel() noexcept { unlink(); }
  bool runs() const noexcept { return is_linked(); }

  friend bool operator<(const Timer& a, const Timer& b) noexcept { return a.when_ < b.when_; }

 private:
  friend class Timers;

  Reactor& reactor_;
  const std::function<void()> expired_;
  TimePoint when_{};
};

// Those that run. Part of the reactor.
class Timers {
 public:
  // When the first is due; kNever where none runs.
  TimePoint next() const noexcept { return running_.empty() ? kNever : running_.begin()->when_; }

  // Calls those that are due, the earliest first.
  void run_due(TimePoint now) noexcept;

 private:
  friend class Timer;

  boost::intrusive::multiset<Timer, boost::intrusive::constant_time_size<false>> running_;
};

}  // namespace runtime
