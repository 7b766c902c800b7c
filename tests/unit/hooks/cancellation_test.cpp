// What a blocking call gives when its request is cancelled meanwhile. No call below would end by itself.
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "hooks/pipe_children.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "runtime/task.hpp"
#include "runtime/thread_state.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;
using runtime::Clock;

namespace {

class Plain final : public runtime::Task {
  void resumed() noexcept override {}
  void suspended() noexcept override {}
};

// Makes the call on a request's fiber, cancels the request while it waits, and gives what it ends with.
// `release` ends what the cancellation does not: it is called where nothing has come of that.
Outcome outcome_when_cancelled(const std::function<ssize_t()>& call, const std::function<void()>& release) {
  Outcome outcome;
  runtime::PluginCode::enabled = true;
  on_worker_thread([&](WorkerThread& worker) {
    Plain task;
    bool ended = false;
    runtime::ParkingSpot spot;
    runtime::spawn(worker.stacks, [&] {
      {
        const runtime::Task::Running running(task);
        runtime::ThreadState state(worker.reactor, worker.pools);
        const runtime::PluginCode code(state);
        outcome = outcome_of(call);
        state.end();
      }
      ended = true;
      spot.unpark();
    });
    runtime::sleep_until(Clock::now() + 20ms);  // it waits, or will be refused to
    REQUIRE_FALSE(ended);
    task.cancellation().request();
    spot.park_until(Clock::now() + 5s);
    const bool was_cut = ended;
    if (!ended) release();
    while (!ended) spot.park_until();
    if (!was_cut) outcome.error = EINPROGRESS;
  });
  return outcome;
}

Outcome outcome_when_cancelled(const std::function<ssize_t()>& call) {
  return outcome_when_cancelled(call, [] { FAIL("the call goes on for ever"); });
}

struct Sockets {
  Sockets() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    here = base::UniqueFd(ends[0]);
    there = base::UniqueFd(ends[1]);
  }
  void fill() const {
    const std::string much(1 << 16, 'x');
    while (::send(here.get(), much.data(), much.size(), MSG_DONTWAIT) > 0) {
    }
  }
  base::UniqueFd here, there;
};

pid_t start_sleeper() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  return child;
}

void end(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("what waits for a descriptor fails with ECANCELED") {
  const Sockets sockets;
  const int fd = sockets.here.get();
  char byte = 0;
  const std::vector<std::function<ssize_t()>> calls = {
      [&] { return ::read(fd, &byte, 1); },
      [&] { return ::recv(fd, &byte, 1, 0); },
      [&] { return ::recv(fd, &byte, 1, MSG_PEEK); },
      [&] {
        iovec piece{&byte, 1};
        msghdr message{};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        return ::recvmsg(fd, &message, 0);
      },
      [&] {
        pollfd one{fd, POLLIN, 0};
        return ssize_t{::poll(&one, 1, -1)};
      },
      [&] {
        fd_set reading;
        FD_ZERO(&reading);
        FD_SET(fd, &reading);
        return ssize_t{::select(fd + 1, &reading, nullptr, nullptr, nullptr)};
      },
      [&] {
        const base::UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
        epoll_event event{EPOLLIN, {}};
        ::epoll_ctl(set.get(), EPOLL_CTL_ADD, fd, &event);
        return ssize_t{::epoll_wait(set.get(), &event, 1, -1)};
      },
      [&] {
        const base::UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
        ::listen(listener.get(), 1);
        return ssize_t{::accept(listener.get(), nullptr, nullptr)};
      },
  };
  for (std::size_t i = 0; i < calls.size(); ++i) {
    INFO("call " << i);
    const Outcome outcome = outcome_when_cancelled(calls[i]);
    CHECK(outcome.result == -1);
    CHECK(outcome.error == ECANCELED);
  }
}

TEST_CASE("a write that has got nowhere fails with ECANCELED, one that has tells how far") {
  const Sockets full;
  full.fill();
  const std::string much(1 << 22, 'x');
  const Outcome nowhere =
      outcome_when_cancelled([&] { return ::write(full.here.get(), much.data(), much.size()); });
  CHECK(nowhere.result == -1);
  CHECK(nowhere.error == ECANCELED);

  const Sockets empty;
  const Outcome some =
      outcome_when_cancelled([&] { return ::write(empty.here.get(), much.data(), much.size()); });
  CHECK(some.result > 0);
  CHECK(some.result < static_cast<ssize_t>(much.size()));
}

TEST_CASE("a sleep that is cut short tells what is left of it") {
  const timespec hour{3600, 0};
  timespec left{};
  SECTION("nanosleep") {
    const Outcome outcome = outcome_when_cancelled([&] { return ::nanosleep(&hour, &left); });
    CHECK(outcome.result == -1);
    CHECK(outcome.error == ECANCELED);
    CHECK(left.tv_sec >= 3590);
  }
  SECTION("clock_nanosleep") {
    CHECK(outcome_when_cancelled([&] {
            return ::clock_nanosleep(CLOCK_MONOTONIC, 0, &hour, &left);
          }).result == ECANCELED);
    CHECK(left.tv_sec >= 3590);
  }
  SECTION("sleep") {
    const Outcome outcome = outcome_when_cancelled([&] { return ::sleep(3600); });
    CHECK(outcome.result > 3590);
    CHECK(outcome.error == ECANCELED);
  }
  SECTION("usleep") {
    CHECK(outcome_when_cancelled([&] { return ::usleep(3'600'000'000); }).error == ECANCELED);
  }
}

TEST_CASE("what waits for other processes fails with ECANCELED") {
  const pid_t child = start_sleeper();
  SECTION("for one") {
    CHECK(outcome_when_cancelled([&] { return ::waitpid(child, nullptr, 0); }).error == ECANCELED);
  }
  SECTION("for any, on another thread") {
    CHECK(outcome_when_cancelled([&] { return ::wait(nullptr); }).error == ECANCELED);
  }
  SECTION("system, whose command is killed") {
    CHECK(outcome_when_cancelled([] { return ::system("exec sleep 3600"); }).error == ECANCELED);
  }
  SECTION("a line of popen") {
    FILE* const lines = ::popen("exec sleep 7", "r");
    const Outcome outcome = outcome_when_cancelled([&] {
      char line[80];
      return ::fgets(line, sizeof line, lines) ? 1 : -1;
    });
    CHECK(outcome.result == -1);
    CHECK(outcome.error == ECANCELED);
    ::pclose(lines);
  }
  SECTION("pclose, whose child is reaped when it ends") {
    pid_t other = 0;
    const Outcome outcome = outcome_when_cancelled([&] {
      FILE* const lines = ::popen("exec sleep 3600", "w");
      other = hooks::forget_child_of(lines);
      hooks::keep_child_of(lines, other);
      const int result = ::pclose(lines);
      const int error = errno;
      ::kill(other, SIGKILL);
      errno = error;
      return result;
    });
    CHECK(outcome.result == -1);
    CHECK(outcome.error == ECANCELED);
    CHECK(::waitpid(other, nullptr, 0) == -1);  // the worker has ended, and its threads before it
    CHECK(errno == ECHILD);
  }
  end(child);
}

TEST_CASE("what waits on another thread is interrupted, and fails with ECANCELED") {
  SECTION("a lock on a file") {
    const TemporaryFolder folder;
    const std::string path = folder / "locked";
    const base::UniqueFd mine(::open(path.c_str(), O_CREAT | O_RDWR, 0600));
    const base::UniqueFd other(::open(path.c_str(), O_RDWR));
    REQUIRE(::flock(other.get(), LOCK_EX) == 0);
    CHECK(outcome_when_cancelled([&] { return ::flock(mine.get(), LOCK_EX); }).error == ECANCELED);
  }
  SECTION("a System V queue") {
    const int queue = ::msgget(IPC_PRIVATE, 0600);
    CHECK(outcome_when_cancelled([&] {
            long message[2];
            return ::msgrcv(queue, message, sizeof(long), 0, 0);
          }).error == ECANCELED);
    ::msgctl(queue, IPC_RMID, nullptr);
  }
  SECTION("a signal") {
    CHECK(outcome_when_cancelled([] {
            sigset_t one;
            ::sigemptyset(&one);
            ::sigaddset(&one, SIGUSR2);
            return ::sigwaitinfo(&one, nullptr);
          }).error == ECANCELED);
  }
  SECTION("a signal, where the request blocks all of them") {
    CHECK(outcome_when_cancelled([] {
            sigset_t all, one, before;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, &before);
            ::sigemptyset(&one);
            ::sigaddset(&one, SIGUSR2);
            const int result = ::sigwaitinfo(&one, nullptr);
            const int error = errno;
            ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
            errno = error;
            return result;
          }).error == ECANCELED);
  }
  SECTION("any signal, which the server's own is not") {
    CHECK(outcome_when_cancelled([] {
            sigset_t all;
            ::sigfillset(&all);
            int signal = 0;
            return ::sigwait(&all, &signal);
          }).result == ECANCELED);
  }
  SECTION("a handler of a signal, with all of them blocked") {
    CHECK(outcome_when_cancelled([] {
            sigset_t all;
            ::sigfillset(&all);
            return ::sigsuspend(&all);
          }).error == ECANCELED);
  }
}

TEST_CASE("a semaphore's wait fails with ECANCELED, and takes nothing") {
  sem_t semaphore;
  ::sem_init(&semaphore, 0, 0);
  const Outcome outcome = outcome_when_cancelled([&] { return ::sem_wait(&semaphore); });
  CHECK(outcome.result == -1);
  CHECK(outcome.error == ECANCELED);
  ::sem_post(&semaphore);
  CHECK(::sem_trywait(&semaphore) == 0);
}

TEST_CASE("a condition's wait returns ECANCELED and holds the mutex") {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  const Outcome outcome = outcome_when_cancelled([&] {
    ::pthread_mutex_lock(&mutex);
    const int result = ::pthread_cond_wait(&condition, &mutex);
    const bool held = ::pthread_mutex_trylock(&mutex) == EBUSY;
    ::pthread_mutex_unlock(&mutex);
    return held ? result : 0;
  });
  CHECK(outcome.result == ECANCELED);
}

TEST_CASE("a lock is no point of cancellation: who asks for it gets it") {
  std::mutex mutex;
  mutex.lock();
  bool got = false;
  const Outcome outcome = outcome_when_cancelled(
      [&] {
        const std::lock_guard lock(mutex);
        got = true;
        return 0;
      },
      [&] { mutex.unlock(); });
  CHECK(got);
  CHECK(outcome.error == EINPROGRESS);
}

TEST_CASE("while pthread_setcancelstate has disabled it, the cancellation waits") {
  const Sockets sockets;
  ssize_t held = 0;
  const Outcome outcome = outcome_when_cancelled(
      [&] {
        int before = -1;
        char byte;
        CHECK(::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before) == 0);
        CHECK(before == PTHREAD_CANCEL_ENABLE);
        CHECK(::pthread_setcancelstate(77, nullptr) == EINVAL);
        held = ::read(sockets.here.get(), &byte, 1);
        CHECK(::pthread_setcancelstate(before, nullptr) == 0);
        return ::read(sockets.here.get(), &byte, 1);
      },
      [&] { REQUIRE(::write(sockets.there.get(), "x", 1) == 1); });
  CHECK(held == 1);
  CHECK(outcome.result == -1);
}
