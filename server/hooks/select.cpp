// Waiting for any of several descriptors in the old form: select(2), pselect(2). As for poll(2), the signal
// mask is of no effect.
#include <sys/select.h>

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <new>

#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

constexpr std::array<std::uint32_t, 3> kEvents = {POLLIN, POLLOUT, POLLPRI};

// The caller's three sets, any of which may be null, and what they held at first: each attempt overwrites
// them.
class Sets {
 public:
  Sets(int count, fd_set* reading, fd_set* writing, fd_set* except)
      : count_(count), sets_{reading, writing, except} {
    each_word([this](std::size_t set, std::size_t word) { words_[set][word] = words_of(set)[word]; });
  }

  int attempt() {
    timeval none{};
    return real::select(count_, sets_[0], sets_[1], sets_[2], &none);
  }

  void restore() {
    each_word([this](std::size_t set, std::size_t word) { words_of(set)[word] = words_[set][word]; });
  }

  int wait_on_thread(ThreadState& state, TimePoint deadline) {
    return on_thread(state, [&] {
      const timespec left = left_until(deadline);
      return real::pselect(count_, sets_[0], sets_[1], sets_[2], deadline == kNever ? nullptr : &left,
                           nullptr);
    });
  }

  int wait(ThreadState& state, TimePoint deadline) const {
    boost::container::small_vector<runtime::DescriptorWait, 16> waits;
    try {
      waits.reserve(static_cast<std::size_t>(count_));
    } catch (const std::bad_alloc&) {
      return ENOMEM;
    }
    for (int descriptor = 0; descriptor < count_; ++descriptor) {
      std::uint32_t events = 0;
      for (std::size_t set = 0; set < sets_.size(); ++set) {
        if (sets_[set] && FD_ISSET(descriptor, sets_[set])) events |= kEvents[set];
      }
      if (events != 0) waits.emplace_back(descriptor, events);
    }
    const int error = wait_until_ready(state, {waits.data(), waits.size()}, deadline);
    // Regular files alone, in the third set.
    return error == EPERM ? wait_until_ready(state, {}, deadline) : error;
  }

 private:
  using Word = fd_mask;
  static constexpr std::size_t kWords = FD_SETSIZE / NFDBITS;

  Word* words_of(std::size_t set) const { return sets_[set]->fds_bits; }

  // A set may be no larger than `count_` asks.
  template <typename Action>
  void each_word(Action action) {
    const std::size_t words = (static_cast<std::size_t>(count_) + NFDBITS - 1) / NFDBITS;
    for (std::size_t set = 0; set < sets_.size(); ++set) {
      for (std::size_t word = 0; sets_[set] && word < words; ++word) action(set, word);
    }
  }

  const int count_;
  const std::array<fd_set*, 3> sets_;
  std::array<std::array<Word, kWords>, 3> words_;
};

int select_until(ThreadState& state, Sets& sets, TimePoint deadline) {
  int woken_for_nothing = 0;
  for (int error = 0;; ++woken_for_nothing) {
    const int ready = sets.attempt();
    if (ready != 0 || error == ETIMEDOUT || deadline <= Clock::now()) return at_once(state, ready);
    sets.restore();
    if (error == ECANCELED) {
      errno = error;
      return -1;
    }
    // Unlike epoll(7), it doesn't end because the other side has hung up, unless that is what was asked for.
    if (woken_for_nothing > 1 || (error != 0 && error != EBADF)) return sets.wait_on_thread(state, deadline);
    error = sets.wait(state, deadline);
  }
}

// More than an fd_set holds: the kernel reads no more of it than there are descriptors, which is for it alone
// to know. And select(getdtablesize(), ...) with an ordinary fd_set is an old habit.
bool is_beyond_sets(int count) { return count > FD_SETSIZE; }

int select_hook(int count, fd_set* reading, fd_set* writing, fd_set* except, timeval* timeout) {
  ThreadState* const state = waiter();
  if (!state || count < 0 || (timeout && (timeout->tv_sec < 0 || timeout->tv_usec < 0))) {
    return real::select(count, reading, writing, except, timeout);
  }
  if (is_beyond_sets(count)) {
    return on_thread(*state, [=] { return real::select(count, reading, writing, except, timeout); });
  }
  TimePoint deadline = kNever;
  if (timeout) {
    deadline =
        deadline_in({timeout->tv_sec + timeout->tv_usec / 1'000'000, timeout->tv_usec % 1'000'000 * 1'000L});
  }
  Sets sets(count, reading, writing, except);
  const int ready = select_until(*state, sets, deadline);
  if (timeout) {
    const timespec left = left_until(deadline);
    *timeout = {left.tv_sec, left.tv_nsec / 1'000};
  }
  return ready;
}

}  // namespace

extern "C" {

int select(int count, fd_set* reading, fd_set* writing, fd_set* except, timeval* timeout) {
  return select_hook(count, reading, writing, except, timeout);
}

int __select(int count, fd_set* reading, fd_set* writing, fd_set* except, timeval* timeout) {
  return select_hook(count, reading, writing, except, timeout);
}

int pselect(int count, fd_set* reading, fd_set* writing, fd_set* except, const timespec* timeout,
            const sigset_t* mask) {
  ThreadState* const state = waiter();
  if (!state || count < 0 || (timeout && !is_valid(*timeout))) {
    return real::pselect(count, reading, writing, except, timeout, mask);
  }
  if (is_beyond_sets(count)) {
    return on_thread(*state,
                     [=] { return real::pselect(count, reading, writing, except, timeout, nullptr); });
  }
  Sets sets(count, reading, writing, except);
  return select_until(*state, sets, timeout ? deadline_in(*timeout) : kNever);
}

}  // extern "C"
