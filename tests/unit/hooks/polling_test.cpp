#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

#include "catch.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"
#include "runtime/thread_state.hpp"

using namespace std::chrono_literals;

extern "C" {
int __poll(pollfd*, nfds_t, int);
int __poll_chk(pollfd*, nfds_t, int, size_t);
int __ppoll_chk(pollfd*, nfds_t, const timespec*, const sigset_t*, size_t);
int __select(int, fd_set*, fd_set*, fd_set*, timeval*);
}

namespace {

Pair stream_pair() { return socket_pair(SOCK_STREAM); }

// Waits for `descriptor` to be readable, if it is one, for that long at most; for ever where that is
// negative.
using Way = int (*)(int descriptor, int milliseconds);

int by_poll(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  return ::poll(&one, descriptor < 0 ? 0 : 1, milliseconds);
}

int by_poll_s_other_name(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  return __poll(&one, 1, milliseconds);
}

int by_checked_poll(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  return __poll_chk(&one, 1, milliseconds, sizeof one);
}

timespec of(int milliseconds) { return {0, milliseconds * 1'000'000L}; }

int by_ppoll(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  const timespec time = of(milliseconds);
  sigset_t none;
  ::sigemptyset(&none);
  return ::ppoll(&one, 1, milliseconds < 0 ? nullptr : &time, &none);
}

int by_checked_ppoll(int descriptor, int milliseconds) {
  pollfd one{descriptor, POLLIN, 0};
  const timespec time = of(milliseconds);
  return __ppoll_chk(&one, 1, milliseconds < 0 ? nullptr : &time, nullptr, sizeof one);
}

struct Asked {
  explicit Asked(int descriptor) {
    FD_ZERO(&set);
    if (descriptor >= FD_SETSIZE) throw std::length_error("an fd_set");
    if (descriptor >= 0) FD_SET(descriptor, &set);
  }
  fd_set set;
};

int by_select(int descriptor, int milliseconds) {
  Asked asked(descriptor);
  timeval time{0, milliseconds * 1'000};
  return ::select(descriptor + 1, &asked.set, nullptr, nullptr, milliseconds < 0 ? nullptr : &time);
}

int by_select_s_other_name(int descriptor, int milliseconds) {
  Asked asked(descriptor);
  timeval time{0, milliseconds * 1'000};
  return __select(descriptor + 1, &asked.set, nullptr, nullptr, milliseconds < 0 ? nullptr : &time);
}

// As programs do that mean all descriptors.
int by_wide_select(int descriptor, int milliseconds) {
  Asked asked(descriptor);
  timeval time{0, milliseconds * 1'000};
  return ::select(::getdtablesize() + FD_SETSIZE, &asked.set, nullptr, nullptr,
                  milliseconds < 0 ? nullptr : &time);
}

int by_pselect(int descriptor, int milliseconds) {
  Asked asked(descriptor);
  const timespec time = of(milliseconds);
  return ::pselect(descriptor + 1, &asked.set, nullptr, nullptr, milliseconds < 0 ? nullptr : &time, nullptr);
}

struct EpollSet {
  explicit EpollSet(int descriptor) {
    epoll_event event{EPOLLIN, {}};
    if (descriptor >= 0) ::epoll_ctl(set.get(), EPOLL_CTL_ADD, descriptor, &event);
  }
  base::UniqueFd set{checked(::epoll_create1(EPOLL_CLOEXEC))};
  std::array<epoll_event, 2> events{};
};

int by_epoll_wait(int descriptor, int milliseconds) {
  EpollSet epoll(descriptor);
  return ::epoll_wait(epoll.set.get(), epoll.events.data(), 2, milliseconds);
}

int by_epoll_pwait(int descriptor, int milliseconds) {
  EpollSet epoll(descriptor);
  return ::epoll_pwait(epoll.set.get(), epoll.events.data(), 2, milliseconds, nullptr);
}

int by_epoll_pwait2(int descriptor, int milliseconds) {
  EpollSet epoll(descriptor);
  const timespec time = of(milliseconds);
  return ::epoll_pwait2(epoll.set.get(), epoll.events.data(), 2, milliseconds < 0 ? nullptr : &time, nullptr);
}

constexpr std::array kWays = {
    by_poll,        by_poll_s_other_name,   by_checked_poll, by_ppoll,   by_checked_ppoll,
    by_select,      by_select_s_other_name, by_wide_select,  by_pselect, by_epoll_wait,
    by_epoll_pwait, by_epoll_pwait2};

}  // namespace

TEST_CASE("a hundred fibers wait for readiness, each woken by its own") {
  const Way way = kWays[GENERATE(range(std::size_t{0}, kWays.size()))];
  CHECK(woken_by_their_bytes(stream_pair, [way](int ours, char byte) {
          char got = -1;
          return way(ours, byte % 2 ? -1 : 900) == 1 && ::read(ours, &got, 1) == 1 && got == byte;
        }) == 100);
}

TEST_CASE("waits that find nothing last their time, side by side") {
  const Way way = kWays[GENERATE(range(std::size_t{0}, kWays.size()))];
  const bool empty = GENERATE(false, true);
  const Pair pair = stream_pair();
  int wrong = 0;
  int early = 0;
  const auto time = on_request_fibers(100, [&](int) {
    const auto start = runtime::Clock::now();
    if (way(empty ? -1 : pair.ours.get(), 50) != 0) ++wrong;
    if (runtime::Clock::now() - start < 50ms) ++early;
  });
  CHECK(wrong == 0);
  CHECK(early == 0);
  CHECK(time < 1s);
}

TEST_CASE("a wait for nothing at all, by a timeout of zero, returns at once") {
  const Way way = kWays[GENERATE(range(std::size_t{0}, kWays.size()))];
  const Pair pair = stream_pair();
  int result = -1;
  const auto time = on_request_fibers(1, [&](int) { result = way(pair.ours.get(), 0); });
  CHECK(result == 0);
  CHECK(time < 1s);
}

TEST_CASE("poll on 51 descriptors is woken by each of them") {
  std::vector<Pair> pairs;
  std::vector<pollfd> descriptors;
  for (int i = 0; i < 51; ++i) {
    pairs.push_back(stream_pair());
    descriptors.push_back({pairs.back().ours.get(), POLLIN, 0});
  }
  descriptors.push_back({-1, POLLIN, 0});
  int right = 0;
  on_request_fibers({[&] {
                       for (std::size_t i = 0; i < 51; ++i) {
                         char byte;
                         if (::poll(descriptors.data(), descriptors.size(), -1) == 1 &&
                             descriptors[i].revents == POLLIN && ::read(descriptors[i].fd, &byte, 1) == 1)
                           ++right;
                       }
                     },
                     [&] {
                       for (const Pair& pair : pairs) {
                         ::usleep(100);
                         ::write(pair.theirs.get(), "x", 1);
                       }
                     }});
  CHECK(right == 51);
}

TEST_CASE("poll hears of room to write, of a hang-up, and of a descriptor closed meanwhile") {
  Pair full = socket_pair(SOCK_STREAM | SOCK_NONBLOCK);
  const std::string much(100'000, 'x');
  while (::send(full.ours.get(), much.data(), much.size(), 0) > 0) {
  }
  Pair hung_up = stream_pair();
  Pair closed = stream_pair();
  short writable = 0;
  short hang_up = 0;
  short invalid = 0;
  const auto poll_one = [](const Pair& pair, short events, short& seen) {
    pollfd one{pair.ours.get(), events, 0};
    ::poll(&one, 1, -1);
    seen = one.revents;
  };
  on_request_fibers({[&] { poll_one(full, POLLOUT, writable); }, [&] { poll_one(hung_up, 0, hang_up); },
                     [&] { poll_one(closed, POLLIN, invalid); },
                     [&] {
                       std::string sink(1 << 20, '\0');
                       ::recv(full.theirs.get(), sink.data(), sink.size(), 0);
                       hung_up.theirs.reset();
                       closed.ours.reset();
                     }});
  CHECK(writable == POLLOUT);
  CHECK((hang_up & POLLHUP));
  CHECK(invalid == POLLNVAL);
}

TEST_CASE("regular files are always ready; where nothing is asked of them, time passes") {
  const base::UniqueFd file(checked(::open("/etc/passwd", O_RDONLY | O_CLOEXEC)));
  const base::UniqueFd null(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  const Pair pair = stream_pair();
  int ready = 0;
  int alone = -1;
  int beside = -1;
  on_request_fibers(
      {[&] { ready = by_poll(file.get(), -1); },
       [&] {
         std::array<pollfd, 2> both = {pollfd{file.get(), 0, 0}, pollfd{null.get(), POLLPRI, 0}};
         alone = ::poll(both.data(), 2, 10);
       },
       [&] {
         std::array<pollfd, 2> both = {pollfd{file.get(), 0, 0}, pollfd{pair.ours.get(), POLLIN, 0}};
         beside = ::poll(both.data(), 2, -1);
       },
       [&] { ::write(pair.theirs.get(), "x", 1); }});
  CHECK(ready == 1);
  CHECK(alone == 0);
  CHECK(beside == 1);
}

TEST_CASE("select tells what is ready in each of its sets, and what time is left") {
  const Pair pair = stream_pair();
  const Pair idle = stream_pair();
  Asked reading(pair.ours.get());
  FD_SET(idle.ours.get(), &reading.set);
  Asked except(pair.ours.get());
  timeval time{5, 1'500'000};
  int ready = 0;
  on_request_fibers({[&] { ready = ::select(FD_SETSIZE, &reading.set, nullptr, &except.set, &time); },
                     [&] {
                       ::usleep(1'000);
                       ::write(pair.theirs.get(), "x", 1);
                     }});
  CHECK(ready == 1);
  CHECK(FD_ISSET(pair.ours.get(), &reading.set));
  CHECK_FALSE(FD_ISSET(idle.ours.get(), &reading.set));
  CHECK_FALSE(FD_ISSET(pair.ours.get(), &except.set));
  CHECK((time.tv_sec == 6 && time.tv_usec < 500'000));
}

TEST_CASE("select for exceptions alone doesn't spin over a connection that has ended") {
  Pair pair = stream_pair();
  pair.theirs.reset();
  Asked except(pair.ours.get());
  timeval time{0, 50'000};
  int ready = -1;
  std::uint64_t turns = 0;
  on_worker_thread([&](WorkerThread& worker) {
    runtime::PluginCode::enabled = true;
    runtime::ThreadState state(worker.reactor, worker.pools);
    const runtime::PluginCode code(state);
    ready = ::select(pair.ours.get() + 1, nullptr, nullptr, &except.set, &time);
    turns = worker.turns;
  });
  CHECK(ready == 0);
  CHECK(turns < 100);
}

TEST_CASE("an epoll set is waited for, whatever it holds, and whoever adds to it") {
  const base::UniqueFd outer(checked(::epoll_create1(EPOLL_CLOEXEC)));
  const base::UniqueFd inner(checked(::epoll_create1(EPOLL_CLOEXEC)));
  epoll_event event{EPOLLIN, {}};
  checked(::epoll_ctl(outer.get(), EPOLL_CTL_ADD, inner.get(), &event));
  const base::UniqueFd ready(checked(::eventfd(1, EFD_CLOEXEC)));
  int result = 0;
  on_request_fibers({[&] {
                       epoll_event got{};
                       result = ::epoll_wait(outer.get(), &got, 1, -1);
                     },
                     [&] {
                       epoll_event edge{EPOLLIN | EPOLLET, {}};
                       ::epoll_ctl(inner.get(), EPOLL_CTL_ADD, ready.get(), &edge);
                     }});
  CHECK(result == 1);
}

TEST_CASE("sets nested too deep for the reactor are waited for all the same") {
  const base::UniqueFd event(checked(::eventfd(0, EFD_CLOEXEC)));
  std::vector<base::UniqueFd> sets;
  int inner = event.get();
  for (int i = 0; i < 4; ++i) {
    sets.emplace_back(checked(::epoll_create1(EPOLL_CLOEXEC)));
    epoll_event add{EPOLLIN, {}};
    checked(::epoll_ctl(sets.back().get(), EPOLL_CTL_ADD, inner, &add));
    inner = sets.back().get();
  }
  std::array<int, 3> results{};
  on_request_fibers({[&] {
                       epoll_event got{};
                       results[0] = ::epoll_wait(inner, &got, 1, -1);
                     },
                     [&] { results[1] = by_poll(inner, -1); }, [&] { results[2] = by_select(inner, -1); },
                     [&] {
                       const std::uint64_t one = 1;
                       ::write(event.get(), &one, sizeof one);
                     }});
  CHECK(results == std::array<int, 3>{1, 1, 1});
}

TEST_CASE("a loop of polls that always find something lets the others go on") {
  const Way way = kWays[GENERATE(range(std::size_t{0}, kWays.size()))];
  const Pair pair = stream_pair();
  checked(static_cast<int>(::write(pair.theirs.get(), "x", 1)));
  bool done = false;
  on_request_fibers({[&] {
                       while (!done) way(pair.ours.get(), -1);
                     },
                     [&] {
                       ::usleep(1'000);
                       done = true;
                     }});
  CHECK(done);
}

TEST_CASE("errors of the polling calls are those of the real ones") {
  const Pair pair = stream_pair();
  const int not_open = checked(::fcntl(pair.ours.get(), F_DUPFD, 1000));
  ::close(not_open);
  const timespec bad{0, -1};
  const std::array<std::function<int()>, 8> calls = {
      [&] { return ::ppoll(nullptr, 0, &bad, nullptr); },
      [&] {
        timeval negative{-1, 0};
        return ::select(0, nullptr, nullptr, nullptr, &negative);
      },
      [&] { return ::select(-1, nullptr, nullptr, nullptr, nullptr); },
      [&] {
        Asked asked(not_open);
        return ::select(not_open + 1, &asked.set, nullptr, nullptr, nullptr);
      },
      [&] { return ::pselect(0, nullptr, nullptr, nullptr, &bad, nullptr); },
      [&] {
        epoll_event event;
        return ::epoll_wait(-1, &event, 1, -1);
      },
      [&] {
        epoll_event event;
        return ::epoll_wait(pair.ours.get(), &event, 1, -1);
      },
      [&] {
        epoll_event event;
        return ::epoll_pwait2(-1, &event, 1, &bad, nullptr);
      },
  };
  check_same_errors(calls);
}
