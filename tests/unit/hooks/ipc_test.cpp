#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "catch.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"

using namespace std::chrono_literals;

namespace {

// A queue with room for two messages of one byte.
class PosixQueue {
 public:
  explicit PosixQueue(int flags = 0) {
    const std::string name = "/appserver-test-" + std::to_string(::getpid());
    mq_attr attributes{};
    attributes.mq_maxmsg = 2;
    attributes.mq_msgsize = 1;
    queue_ =
        checked(::mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | flags, 0600, &attributes));
    ::mq_unlink(name.c_str());
  }
  ~PosixQueue() { ::mq_close(queue_); }
  PosixQueue(const PosixQueue&) = delete;
  PosixQueue& operator=(const PosixQueue&) = delete;
  mqd_t get() const { return queue_; }

 private:
  mqd_t queue_;
};

struct Queue {
  Queue() : id(checked(::msgget(IPC_PRIVATE, 0600))) {}
  ~Queue() { ::msgctl(id, IPC_RMID, nullptr); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  const int id;
};

struct Semaphore {
  Semaphore() : id(checked(::semget(IPC_PRIVATE, 1, 0600))) {}
  ~Semaphore() { ::semctl(id, 0, IPC_RMID); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  const int id;
};

struct Message {
  long type;
  char text[4000];
};

timespec in_20_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  time.tv_nsec += 20'000'000;
  if (time.tv_nsec >= 1'000'000'000) {
    ++time.tv_sec;
    time.tv_nsec -= 1'000'000'000;
  }
  return time;
}

}  // namespace

TEST_CASE("fibers wait for a message queue to hold something, and for room in it") {
  const PosixQueue queue;
  const bool timed = GENERATE(false, true);
  const timespec far{4'000'000'000, 0};
  int sum = 0;
  int sent = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 10; ++i) {
    bodies.emplace_back([&] {
      char byte = 0;
      const ssize_t size = timed ? ::mq_timedreceive(queue.get(), &byte, 1, nullptr, &far)
                                 : ::mq_receive(queue.get(), &byte, 1, nullptr);
      if (size == 1) sum += byte;
    });
  }
  bodies.emplace_back([&] {
    for (char byte = 1; byte <= 10; ++byte) {
      if ((timed ? ::mq_timedsend(queue.get(), &byte, 1, 0, &far) : ::mq_send(queue.get(), &byte, 1, 0)) ==
          0) {
        ++sent;
      }
    }
  });
  on_request_fibers(bodies);
  CHECK(sent == 10);
  CHECK(sum == 55);
}

TEST_CASE("a sender waits for room in a message queue") {
  const PosixQueue queue;
  std::string order;
  on_request_fibers({[&] {
                       for (const char byte : {'a', 'b', 'c'}) {
                         ::mq_send(queue.get(), &byte, 1, 0);
                         order += byte;
                       }
                     },
                     [&] {
                       order += '-';
                       char byte;
                       ::mq_receive(queue.get(), &byte, 1, nullptr);
                     }});
  CHECK(order == "ab-c");
}

TEST_CASE("times of message queues are kept, and what is wrong with a call is said as ever") {
  const PosixQueue queue;
  const PosixQueue non_blocking(O_NONBLOCK);
  const timespec bad{0, -1};
  char byte = 0;
  const std::array<std::function<ssize_t()>, 6> calls = {
      [&] {
        const timespec soon = in_20_ms();
        return ::mq_timedreceive(queue.get(), &byte, 1, nullptr, &soon);
      },
      [&] { return ::mq_timedreceive(queue.get(), &byte, 1, nullptr, &bad); },
      [&] { return ::mq_receive(non_blocking.get(), &byte, 1, nullptr); },
      [&] { return ::mq_receive(queue.get(), &byte, 0, nullptr); },
      [&] { return ::mq_receive(-1, &byte, 1, nullptr); },
      [&]() -> ssize_t { return ::mq_timedsend(queue.get(), &byte, 1, 0, &bad); },
  };
  check_same_errors(calls);
  const auto time = on_request_fibers(1, [&](int) { calls[0](); });
  CHECK(time >= 19ms);  // CLOCK_REALTIME may be slewed
}

TEST_CASE("System V's queues keep their fiber waiting alone") {
  const Queue queue;
  int received = 0;
  int sent = 0;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < 20; ++i) {
    bodies.emplace_back([&] {
      Message message{};
      if (::msgrcv(queue.id, &message, sizeof message.text, 0, 0) == sizeof message.text) ++received;
    });
  }
  bodies.emplace_back([&] {
    Message message{1, {}};
    for (int i = 0; i < 20; ++i) {
      if (::msgsnd(queue.id, &message, sizeof message.text, 0) == 0) ++sent;
    }
  });
  on_request_fibers(bodies);
  CHECK(received == 20);
  CHECK(sent == 20);
}

TEST_CASE("a sender waits for room in one of System V's queues") {
  const Queue queue;
  bool full = false;
  int result = -1;
  on_request_fibers({[&] {
                       Message message{1, {}};
                       while (::msgsnd(queue.id, &message, sizeof message.text, IPC_NOWAIT) == 0) {
                       }
                       full = errno == EAGAIN;
                       result = ::msgsnd(queue.id, &message, sizeof message.text, 0);
                     },
                     [&] {
                       Message message{};
                       ::usleep(1'000);
                       full = full && result == -1;
                       ::msgrcv(queue.id, &message, sizeof message.text, 0, 0);
                     }});
  CHECK(full);
  CHECK(result == 0);
}

TEST_CASE("System V's semaphores keep their fiber waiting alone, for as long as it says") {
  const Semaphore semaphore;
  const bool timed = GENERATE(false, true);
  std::string order;
  int timed_out = 0;
  int busy = 0;
  const auto change = [&](short by, short flags = 0) {
    sembuf operation{0, by, flags};
    const timespec long_time{10, 0};
    return timed ? ::semtimedop(semaphore.id, &operation, 1, &long_time)
                 : ::semop(semaphore.id, &operation, 1);
  };
  on_request_fibers({[&] {
                       if (change(-1) == 0) order += 'b';
                       sembuf operation{0, -1, 0};
                       const timespec soon{0, 10'000'000};
                       if (::semtimedop(semaphore.id, &operation, 1, &soon) == -1) timed_out = errno;
                       if (change(-1, IPC_NOWAIT) == -1) busy = errno;
                     },
                     [&] {
                       ::usleep(1'000);
                       order += 'a';
                       change(1);
                     }});
  CHECK(order == "ab");
  CHECK(timed_out == EAGAIN);
  CHECK(busy == EAGAIN);
}
