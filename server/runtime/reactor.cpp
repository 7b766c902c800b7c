#include "runtime/reactor.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>

#include "runtime/watch.hpp"

namespace runtime {
namespace {

int make_epoll_set() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return set;
}

// Has one Asio operation at a time live in the memory given, if it fits: Asio asks for it when the wait
// begins, and gives it back before its handler runs.
template <typename T>
struct InPlace {
  using value_type = T;

  explicit InPlace(std::span<std::byte> place) : memory(place) {}
  template <typename Other>
  InPlace(const InPlace<Other>& other) : memory(other.memory) {}

  T* allocate(std::size_t count) {
    const bool fits = count * sizeof(T) <= memory.size();
    return static_cast<T*>(fits ? static_cast<void*>(memory.data()) : ::operator new(count * sizeof(T)));
  }
  void deallocate(T* object, std::size_t) noexcept {
    if (static_cast<void*>(object) != memory.data()) ::operator delete(object);
  }
  bool operator==(const InPlace& other) const { return memory.data() == other.memory.data(); }

  std::span<std::byte> memory;
};

}  // namespace

Reactor::Reactor(Pulse pulse)
    // One thread runs the loop and touches its sockets; other threads may only post to it.
    : pulse_(pulse),
      io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      open_(io_.get_executor()),
      set_(make_epoll_set()),
      set_in_asio_(io_, set_.get()) {}

Reactor::~Reactor() {
  set_in_asio_.release();  // ours to close
}

void Reactor::add(Watch& watch, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = Target(watch).word();
  if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void Reactor::remove(Watch& watch, int fd) noexcept {
  // Said aloud rather than left to close(): a forked child that still holds the descriptor keeps the
  // registration alive.
  ::epoll_ctl(set_.get(), EPOLL_CTL_DEL, fd, nullptr);
  for (std::size_t i = next_; i < count_; ++i) {
    if (collected_[i].target.word() == Target(watch).word()) collected_[i].target = Target();
  }
}

int Reactor::arm_once(int descriptor, std::uint32_t events) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = Target(descriptor).word();
  if (::epoll_ctl(set_.get(), EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
  if (errno != ENOENT) return errno;
  return ::epoll_ctl(set_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

void Reactor::disarm(int descriptor) noexcept { ::epoll_ctl(set_.get(), EPOLL_CTL_DEL, descriptor, nullptr); }

void Reactor::turn(TimePoint deadline) {
  if (next_ == count_ && !collect_at_once()) {
    arm();
    pulse_.waiting.store(true, std::memory_order_relaxed);
    deadline = std::min(deadline, timers_.next());
    if (deadline == kNever) {
      io_.run_one();
    } else {
      io_.run_one_until(deadline);
    }
    pulse_.waiting.store(false, std::memory_order_relaxed);
    asio_ran_ = Clock::now();
  }
  note_turn();
  handle_next();
}

void Reactor::poll() {
  if (next_ == count_ && !collect_at_once()) {
    arm();
    io_.poll_one();
    asio_ran_ = now_;
  }
  note_turn();
  handle_next();
}

// Where several events came at once, more are likely to be there by now: one system call then takes the place
// of the three by which Asio learns of them. Asio has its turn every millisecond all the same.
bool Reactor::collect_at_once() {
  if (count_ < 2 || now_ - asio_ran_ > std::chrono::milliseconds(1)) return false;
  collect();
  return count_ > 0;
}

void Reactor::note_turn() noexcept {
  now_ = Clock::now();
  timers_.run_due(now_);
  // This thread alone writes it: no need of a locked addition.
  pulse_.turns.store(pulse_.turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Reactor::arm() {
  if (armed_) return;
  armed_ = true;
  set_in_asio_.async_wait(
      boost::asio::posix::stream_descriptor::wait_read,
      boost::asio::bind_allocator(InPlace<void>(memory_of_wait_), [this](const boost::system::error_code&) {
        armed_ = false;
        collect();
      }));
}

void Reactor::collect() {
  std::array<epoll_event, std::tuple_size_v<decltype(collected_)>> events;
  const int count = ::epoll_wait(set_.get(), events.data(), static_cast<int>(events.size()), 0);
  next_ = 0;
  count_ = static_cast<std::size_t>(std::max(count, 0));
  for (std::size_t i = 0; i < count_; ++i) {
    collected_[i] = {events[i].events, Target::from(events[i].data.u64)};
  }
}

void Reactor::handle_next() {
  if (next_ == count_) return;
  const Event event = collected_[next_++];
  if (event.target.is_descriptor()) {
    descriptor_waits_.handle(event.target.descriptor(), event.events);
  } else if (Watch* const watch = event.target.watch()) {
    watch->handle(event.events);
  }
}

}  // namespace runtime
