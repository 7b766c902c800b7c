// The worker's one event loop: an Asio io_context for posted work, inside it an epoll set for descriptors,
// and timers. The set keeps a descriptor registered for its life, where Asio's own wait costs an epoll_ctl
// each time: on the way of a request that would be one system call in three. A turn of the loop allocates
// nothing, so that it goes on where there is no memory.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/unique_fd.hpp"
#include "runtime/clock.hpp"
#include "runtime/descriptor_waits.hpp"
#include "runtime/remote_wake.hpp"
#include "runtime/timer.hpp"

namespace runtime {

class Watch;

// Where the reactor shows that it is alive: see observe/scoreboard.hpp.
struct Pulse {
  std::atomic<std::uint64_t>& turns;
  std::atomic<bool>& waiting;
};

class Reactor {
 public:
  // Throws std::system_error where the kernel gives no descriptor.
  explicit Reactor(Pulse pulse);
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  boost::asio::io_context& io() { return io_; }

  // The time of the last look at the events: cheap, and good enough for timeouts of seconds.
  TimePoint now() const { return now_; }

  // The waits for descriptors that are not the runtime's own.
  DescriptorWaits& descriptor_waits() { return descriptor_waits_; }

  Timers& timers() { return timers_; }

  RemoteWakes& remote_wakes() { return remote_wakes_; }

  // Handles one event; waits for it until `deadline` where none has come yet. For the scheduler.
  void turn(TimePoint deadline);

  // Looks for events without waiting, and handles one of Asio's at most. For the scheduler.
  void poll();

 private:
  // What an event of the set is for. A watch is registered for as long as it lives; a descriptor that is
  // waited for, once for each wait.
  class Target {
   public:
    Target() = default;
    explicit Target(Watch& watch) : word_(reinterpret_cast<std::uintptr_t>(&watch)) {}
    explicit Target(int descriptor) : word_(static_cast<std::uint64_t>(descriptor) << 1 | 1) {}

    static Target from(std::uint64_t word) {
      Target target;
      target.word_ = word;
      return target;
    }
    std::uint64_t word() const { return word_; }

    bool is_descriptor() const { return word_ & 1; }
    int descriptor() const { return static_cast<int>(word_ >> 1); }
    Watch* watch() const { return reinterpret_cast<Watch*>(word_); }

   private:
    std::uint64_t word_ = 0;  // a watch's address is even
  };

  friend class Watch;
  void add(Watch& watch, int fd, std::uint32_t events);
  void remove(Watch& watch, int fd) noexcept;

  friend class DescriptorWaits;
  int arm_once(int descriptor, std::uint32_t events) noexcept;
  void disarm(int descriptor) noexcept;

  void note_turn() noexcept;
  bool collect_at_once();
  void arm();
  void collect();
  void handle_next();

  Pulse pulse_;
  boost::asio::io_context io_;
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_;  // io_ never runs dry
  base::UniqueFd set_;
  boost::asio::posix::stream_descriptor set_in_asio_;

  bool armed_ = false;  // Asio waits for the set to become readable
  alignas(std::max_align_t) std::array<std::byte, 256> memory_of_wait_;
  Timers timers_;
  TimePoint now_ = Clock::now();
  TimePoint asio_ran_ = now_;
  struct Event {
    std::uint32_t events;
    Target target;  // of nothing once the watch has gone
  };
  std::array<Event, 128> collected_;
  std::size_t next_ = 0;  // collected_[next_, count_) are still to be handled
  std::size_t count_ = 0;

  DescriptorWaits descriptor_waits_{*this};
  RemoteWakes remote_wakes_{*this};
};

}  // namespace runtime
