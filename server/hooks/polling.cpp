// Waiting for any of several descriptors: poll(2) and epoll_wait(2). The signal masks that some of them take
// are of no effect: signals don't reach the fibers of requests.
#include <sys/epoll.h>

#include <boost/container/small_vector.hpp>
#include <new>

#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

timespec of_milliseconds(int time) { return {time / 1'000, time % 1'000 * 1'000'000L}; }

// No timeout, or a negative one of those that are counted in milliseconds, is for ever.
TimePoint deadline_of(int timeout) { return timeout < 0 ? kNever : deadline_in(of_milliseconds(timeout)); }
TimePoint deadline_of(const timespec* timeout) { return timeout ? deadline_in(*timeout) : kNever; }

// As the reactor couldn't wait: too many descriptors are watched, or epoll sets nested too deep.
bool is_for_a_thread(int error) {
  return error != 0 && error != ETIMEDOUT && error != EBADF && error != ECANCELED;
}

[[gnu::cold]] int poll_until(ThreadState& state, pollfd* descriptors, nfds_t count, TimePoint deadline) {
  boost::container::small_vector<runtime::DescriptorWait, 16> waits;
  try {
    waits.reserve(count);
  } catch (const std::bad_alloc&) {
    errno = ENOMEM;
    return -1;
  }
  for (;;) {
    waits.clear();
    for (nfds_t i = 0; i < count; ++i) {
      const auto events = static_cast<std::uint16_t>(descriptors[i].events);
      if (descriptors[i].fd >= 0) waits.emplace_back(descriptors[i].fd, events);
    }
    int error = wait_until_ready(state, {waits.data(), waits.size()}, deadline);
    // Regular files alone, and nothing of them that could come: only time can.
    if (error == EPERM) error = wait_until_ready(state, {}, deadline);
    if (is_for_a_thread(error)) {
      return on_thread(state, [&] {
        const timespec left = left_until(deadline);
        return real::ppoll(descriptors, count, deadline == kNever ? nullptr : &left, nullptr);
      });
    }
    const int ready = real::poll(descriptors, count, 0);
    if (ready != 0 || error == ETIMEDOUT) return ready;
    if (error == ECANCELED) {
      errno = error;
      return -1;
    }
  }
}

int poll_hook(pollfd* descriptors, nfds_t count, int timeout) {
  ThreadState* const state = waiter();
  if (!state) return real::poll(descriptors, count, timeout);
  const int ready = real::poll(descriptors, count, 0);
  if (ready != 0 || timeout == 0) return at_once(*state, ready);
  return poll_until(*state, descriptors, count, deadline_of(timeout));
}

int ppoll_hook(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  ThreadState* const state = waiter();
  if (!state || (timeout && !is_valid(*timeout))) return real::ppoll(descriptors, count, timeout, mask);
  const int ready = real::poll(descriptors, count, 0);
  if (ready != 0) return at_once(*state, ready);
  return poll_until(*state, descriptors, count, deadline_of(timeout));
}

int epoll_until(ThreadState& state, int set, epoll_event* events, int most, TimePoint deadline) {
  for (int error = 0;;) {
    const int ready = real::epoll_wait(set, events, most, 0);
    if (ready != 0 || error == ETIMEDOUT) return at_once(state, ready);
    if (error == ECANCELED) {
      errno = error;
      return -1;
    }
    if (deadline <= Clock::now()) return at_once(state, 0);
    error = wait_until_ready(state, set, POLLIN, deadline);
    if (is_for_a_thread(error)) {
      return on_thread(state, [&] {
        pollfd one{set, POLLIN, 0};
        const timespec left = left_until(deadline);
        const int result = real::ppoll(&one, 1, deadline == kNever ? nullptr : &left, nullptr);
        return result > 0 ? real::epoll_wait(set, events, most, 0) : result;
      });
    }
  }
}

}  // namespace

extern "C" {

int poll(pollfd* descriptors, nfds_t count, int timeout) { return poll_hook(descriptors, count, timeout); }

int __poll(pollfd* descriptors, nfds_t count, int timeout) { return poll_hook(descriptors, count, timeout); }

int __poll_chk(pollfd* descriptors, nfds_t count, int timeout, size_t room) {
  if (room / sizeof(pollfd) < count)
    return real::__poll_chk(descriptors, count, timeout, room);  // ends it all
  return poll_hook(descriptors, count, timeout);
}

int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  return ppoll_hook(descriptors, count, timeout, mask);
}

int __ppoll_chk(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask,
                size_t room) {
  if (room / sizeof(pollfd) < count) return real::__ppoll_chk(descriptors, count, timeout, mask, room);
  return ppoll_hook(descriptors, count, timeout, mask);
}

int epoll_wait(int set, epoll_event* events, int most, int timeout) {
  ThreadState* const state = waiter();
  if (!state) return real::epoll_wait(set, events, most, timeout);
  return epoll_until(*state, set, events, most, deadline_of(timeout));
}

int epoll_pwait(int set, epoll_event* events, int most, int timeout, const sigset_t* mask) {
  ThreadState* const state = waiter();
  if (!state) return real::epoll_pwait(set, events, most, timeout, mask);
  return epoll_until(*state, set, events, most, deadline_of(timeout));
}

int epoll_pwait2(int set, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
  ThreadState* const state = waiter();
  if (!state || (timeout && !is_valid(*timeout))) {
    return real::epoll_pwait2(set, events, most, timeout, mask);
  }
  return epoll_until(*state, set, events, most, deadline_of(timeout));
}

}  // extern "C"
