// What a hook costs where nothing has to wait: the real call, the hook with its gate closed (in the host),
// and with its gate open (in a request's plugin code), side by side in one run.
//
// cmake --build build/release --target bench_hooks && taskset -c 1 build/release/bench/bench_hooks
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/fiber/operations.hpp>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "hooks/real.hpp"
#include "runtime/offload.hpp"
#include "runtime/reactor.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/spawn.hpp"
#include "runtime/stacks.hpp"
#include "runtime/thread_state.hpp"

namespace {

namespace real = hooks::real;

// A row of the table: what is called, and how often in one round.
struct Row {
  const char* name;
  int times;
  std::function<void()> raw;
  std::function<void()> hooked;
};

template <typename Call>
std::function<void()> repeated(int times, Call call) {
  return [=] {
    for (int i = 0; i < times; ++i) call();
  };
}

template <typename Raw, typename Hooked>
Row row(const char* name, int times, Raw raw, Hooked hooked) {
  return {name, times, repeated(times, raw), repeated(times, hooked)};
}

std::vector<Row> lock_rows() {
  static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
  static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
  static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  static sem_t semaphore;
  ::sem_init(&semaphore, 0, 0);
  constexpr int kMany = 20'000;
  return {
      row(
          "mutex lock + unlock", kMany,
          [] {
            real::pthread_mutex_lock(&plain);
            real::pthread_mutex_unlock(&plain);
          },
          [] {
            ::pthread_mutex_lock(&plain);
            ::pthread_mutex_unlock(&plain);
          }),
      row(
          "recursive mutex lock + unlock", kMany,
          [] {
            real::pthread_mutex_lock(&recursive);
            real::pthread_mutex_unlock(&recursive);
          },
          [] {
            ::pthread_mutex_lock(&recursive);
            ::pthread_mutex_unlock(&recursive);
          }),
      row(
          "rwlock rdlock + unlock", kMany,
          [] {
            real::pthread_rwlock_rdlock(&shared);
            real::pthread_rwlock_unlock(&shared);
          },
          [] {
            ::pthread_rwlock_rdlock(&shared);
            ::pthread_rwlock_unlock(&shared);
          }),
      row(
          "semaphore post + wait", kMany,
          [] {
            real::sem_post(&semaphore);
            real::sem_wait(&semaphore);
          },
          [] {
            ::sem_post(&semaphore);
            ::sem_wait(&semaphore);
          }),
      row(
          "condition signal, nobody waits", kMany, [] { real::pthread_cond_signal(&condition); },
          [] { ::pthread_cond_signal(&condition); }),
      row(
          "pthread_once, done", kMany, [] { real::pthread_once(&once, [] {}); },
          [] { ::pthread_once(&once, [] {}); }),
  };
}

// Two ends of a connection over the loopback.
std::array<int, 2> tcp_pair() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener, generic, size);
  ::getsockname(listener, generic, &size);
  ::listen(listener, 1);
  const int connecting = ::socket(AF_INET, SOCK_STREAM, 0);
  ::connect(connecting, generic, size);
  return {::accept(listener, nullptr, nullptr), connecting};
}

// What is read is written before by the real call, and the other way round: the difference is of one call.
std::vector<Row> descriptor_rows() {
  static std::array<int, 2> local{};
  static std::array<int, 2> tcp = tcp_pair();
  static std::array<int, 2> pipe{};
  static const int file = ::open("/proc/self/exe", O_RDONLY);
  static std::array<char, 4096> data{};
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, local.data());
  ::pipe(pipe.data());
  constexpr int kSome = 1'000;
  return {
      row(
          "unix socket: (write) read", kSome,
          [] {
            real::write(local[1], data.data(), 1);
            real::read(local[0], data.data(), 1);
          },
          [] {
            real::write(local[1], data.data(), 1);
            ::read(local[0], data.data(), 1);
          }),
      row(
          "TCP: (send) recv", kSome,
          [] {
            real::send(tcp[1], data.data(), 1, 0);
            real::recv(tcp[0], data.data(), 1, 0);
          },
          [] {
            real::send(tcp[1], data.data(), 1, 0);
            ::recv(tcp[0], data.data(), 1, 0);
          }),
      row(
          "TCP: send (recv)", kSome,
          [] {
            real::send(tcp[1], data.data(), 1, 0);
            real::recv(tcp[0], data.data(), 1, 0);
          },
          [] {
            ::send(tcp[1], data.data(), 1, 0);
            real::recv(tcp[0], data.data(), 1, 0);
          }),
      row(
          "pipe: (write) read", kSome,
          [] {
            real::write(pipe[1], data.data(), 1);
            real::read(pipe[0], data.data(), 1);
          },
          [] {
            real::write(pipe[1], data.data(), 1);
            ::read(pipe[0], data.data(), 1);
          }),
      row(
          "pipe: (write) read of less", kSome,
          [] {
            real::write(pipe[1], data.data(), 1);
            real::read(pipe[0], data.data(), data.size());
          },
          [] {
            real::write(pipe[1], data.data(), 1);
            ::read(pipe[0], data.data(), data.size());
          }),
      row(
          "file in the page cache: pread", kSome, [] { real::pread(file, data.data(), data.size(), 0); },
          [] { ::pread(file, data.data(), data.size(), 0); }),
      row(
          "poll, ready", kSome,
          [] {
            pollfd one{local[0], POLLOUT, 0};
            real::poll(&one, 1, -1);
          },
          [] {
            pollfd one{local[0], POLLOUT, 0};
            ::poll(&one, 1, -1);
          }),
  };
}

double nanoseconds_each(const std::function<void()>& calls, int times) {
  const auto start = std::chrono::steady_clock::now();
  calls();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  return took.count() / times;
}

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void measure(const Row& row, runtime::ThreadState& state) {
  constexpr int kRounds = 101;
  std::array<std::vector<double>, 3> times;
  for (int round = 0; round < kRounds; ++round) {
    times[0].push_back(nanoseconds_each(row.raw, row.times));
    times[1].push_back(nanoseconds_each(row.hooked, row.times));
    const runtime::PluginCode code(state);
    times[2].push_back(nanoseconds_each(row.hooked, row.times));
  }
  const double raw = median(times[0]);
  const double closed = median(times[1]);
  const double open = median(times[2]);
  std::printf("%-34s %8.1f %8.1f %8.1f %+8.1f %7.2f\n", row.name, raw, closed, open, open - raw, open / raw);
}

}  // namespace

int main() {
  std::atomic<std::uint64_t> turns = 0;
  std::atomic<bool> waiting = false;
  runtime::PluginCode::enabled = true;
  runtime::Reactor reactor({turns, waiting});
  runtime::Stacks stacks(reactor);
  runtime::Pools pools(reactor);
  // On a thread of its own: libc's locks cost less in a process that has one thread only, as no worker has.
  std::thread([&] {
    boost::fibers::use_scheduling_algorithm<runtime::Scheduler>(reactor, stacks);
    runtime::run_on_fiber(stacks.usual(), [&] {
      runtime::ThreadState state(reactor, pools);
      std::printf("%-34s %8s %8s %8s %8s %7s\n", "ns, median", "raw", "closed", "open", "more", "ratio");
      for (const Row& row : lock_rows()) measure(row, state);
      for (const Row& row : descriptor_rows()) measure(row, state);
    });
  }).join();
}
