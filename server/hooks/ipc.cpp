// Message queues and semaphore sets: mq_send(3), msgsnd(2), semop(2) and their kin. POSIX's queues are
// descriptors (mq_overview(7)); for System V's, real threads wait.
#include <mqueue.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include <algorithm>
#include <array>

#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

constexpr timespec kLongAgo{};

// A call whose time is over returns ETIMEDOUT where it would wait; EAGAIN where the queue is non-blocking.
// `time` is of CLOCK_REALTIME, or null.
template <typename Attempt>
ssize_t until_queued(ThreadState& state, mqd_t queue, Direction direction, const timespec* time,
                     Attempt attempt) {
  const int error_before = errno;
  for (bool over = false;;) {
    const ssize_t result = attempt();
    if (result != -1) {
      errno = error_before;
      return at_once(state, result);
    }
    if (errno != ETIMEDOUT || over) return at_once(state, result);
    const TimePoint deadline = time ? deadline_at(CLOCK_REALTIME, *time) : kNever;
    const int error = wait_until_ready(state, queue, events_of(direction), deadline);
    over = error == ETIMEDOUT;
    if (error != 0 && !over) {
      errno = error;
      return -1;
    }
  }
}

ssize_t receive(ThreadState& state, mqd_t queue, char* data, size_t size, unsigned int* priority,
                const timespec* time) {
  return until_queued(state, queue, Direction::reading, time,
                      [=] { return real::mq_timedreceive(queue, data, size, priority, &kLongAgo); });
}

int send_to(ThreadState& state, mqd_t queue, const char* data, size_t size, unsigned int priority,
            const timespec* time) {
  return static_cast<int>(until_queued(state, queue, Direction::writing, time, [=]() -> ssize_t {
    return real::mq_timedsend(queue, data, size, priority, &kLongAgo);
  }));
}

constexpr size_t kMostOperations = 500;  // SEMOPM: semop(2)

// Whether they were done, or have failed: else they are to be waited for.
bool done_at_once(int set, const sembuf* operations, size_t count, int& result) {
  std::array<sembuf, kMostOperations> attempt;
  std::transform(operations, operations + count, attempt.begin(), [](sembuf operation) {
    operation.sem_flg = static_cast<short>(operation.sem_flg | IPC_NOWAIT);
    return operation;
  });
  const int error_before = errno;
  result = real::semop(set, attempt.data(), count);
  if (result == -1 && errno == EAGAIN) {
    errno = error_before;
    return false;
  }
  return true;
}

}  // namespace

extern "C" {

ssize_t mq_receive(mqd_t queue, char* data, size_t size, unsigned int* priority) {
  ThreadState* const state = waiter();
  if (!state) return real::mq_receive(queue, data, size, priority);
  return receive(*state, queue, data, size, priority, nullptr);
}

ssize_t mq_timedreceive(mqd_t queue, char* data, size_t size, unsigned int* priority, const timespec* time) {
  ThreadState* const state = waiter();
  if (!state || !is_valid(*time)) return real::mq_timedreceive(queue, data, size, priority, time);
  return receive(*state, queue, data, size, priority, time);
}

int mq_send(mqd_t queue, const char* data, size_t size, unsigned int priority) {
  ThreadState* const state = waiter();
  if (!state) return real::mq_send(queue, data, size, priority);
  return send_to(*state, queue, data, size, priority, nullptr);
}

int mq_timedsend(mqd_t queue, const char* data, size_t size, unsigned int priority, const timespec* time) {
  ThreadState* const state = waiter();
  if (!state || !is_valid(*time)) return real::mq_timedsend(queue, data, size, priority, time);
  return send_to(*state, queue, data, size, priority, time);
}

ssize_t msgrcv(int queue, void* message, size_t size, long type, int flags) {
  ThreadState* const state = flags & IPC_NOWAIT ? nullptr : waiter();
  if (!state) return real::msgrcv(queue, message, size, type, flags);
  const int error_before = errno;
  const ssize_t got = real::msgrcv(queue, message, size, type, flags | IPC_NOWAIT);
  if (got != -1 || errno != ENOMSG) return at_once(*state, got);
  errno = error_before;
  return on_thread(*state, [=] { return real::msgrcv(queue, message, size, type, flags); });
}

int msgsnd(int queue, const void* message, size_t size, int flags) {
  ThreadState* const state = flags & IPC_NOWAIT ? nullptr : waiter();
  if (!state) return real::msgsnd(queue, message, size, flags);
  const int error_before = errno;
  const int result = real::msgsnd(queue, message, size, flags | IPC_NOWAIT);
  if (result != -1 || errno != EAGAIN) return at_once(*state, result);
  errno = error_before;
  return on_thread(*state, [=] { return real::msgsnd(queue, message, size, flags); });
}

int semop(int set, sembuf* operations, size_t count) noexcept {
  ThreadState* const state = waiter();
  if (!state || count > kMostOperations) return real::semop(set, operations, count);
  int result = 0;
  if (done_at_once(set, operations, count, result)) return at_once(*state, result);
  return on_thread(*state, [=] { return real::semop(set, operations, count); });
}

int semtimedop(int set, sembuf* operations, size_t count, const timespec* timeout) noexcept {
  ThreadState* const state = waiter();
  if (!state || count > kMostOperations || (timeout && !is_valid(*timeout))) {
    return real::semtimedop(set, operations, count, timeout);
  }
  int result = 0;
  if (done_at_once(set, operations, count, result)) return at_once(*state, result);
  return on_thread(*state, [=] { return real::semtimedop(set, operations, count, timeout); });
}

}  // extern "C"
