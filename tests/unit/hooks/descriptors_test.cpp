#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>

#include "catch.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

extern "C" {
ssize_t __read(int, void*, size_t);
ssize_t __read_chk(int, void*, size_t, size_t);
ssize_t __write(int, const void*, size_t);
}

namespace {

constexpr std::size_t kMiB = 1 << 20;

Pair fifo_pair() {
  const TemporaryFolder folder;
  const std::string path = folder / "fifo";
  checked(::mkfifo(path.c_str(), 0600));
  Pair pair;
  pair.ours.reset(checked(::open(path.c_str(), O_RDWR | O_CLOEXEC)));
  pair.theirs.reset(checked(::open(path.c_str(), O_WRONLY | O_CLOEXEC)));
  return pair;
}

Pair stream_pair() { return socket_pair(SOCK_STREAM); }
Pair datagram_pair() { return socket_pair(SOCK_DGRAM); }

std::string reads_of(int descriptor, std::size_t size) {
  std::string text(size, '\0');
  const ssize_t got = ::read(descriptor, text.data(), size);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

}  // namespace

TEST_CASE("a hundred fibers read from what keeps them waiting, each woken by its own byte") {
  Pair (*const make)() =
      GENERATE(stream_pair, datagram_pair, tcp_pair, udp_pair, pipe_pair, fifo_pair, terminal_pair);
  SECTION("read") {
    CHECK(woken_by_their_bytes(make, [](int ours, char byte) {
            char got = -1;
            return ::read(ours, &got, 1) == 1 && got == byte;
          }) == 100);
  }
  SECTION("readv") {
    CHECK(woken_by_their_bytes(make, [](int ours, char byte) {
            std::array<char, 2> got{-1, -1};
            const std::array parts = {iovec{&got[0], 1}, iovec{&got[1], 1}};
            return ::readv(ours, parts.data(), 2) == 1 && got[0] == byte;
          }) == 100);
  }
}

TEST_CASE("libc's other names of read and write are hooked too") {
  CHECK(woken_by_their_bytes(pipe_pair, [](int ours, char byte) {
          char got = -1;
          return (byte % 2 ? __read(ours, &got, 1) : __read_chk(ours, &got, 1, 1)) == 1 && got == byte;
        }) == 100);
  const Pair pair = pipe_pair();
  std::string got;
  on_request_fibers(
      {[&] { got = reads_of(pair.ours.get(), 10); }, [&] { __write(pair.theirs.get(), "ab", 2); }});
  CHECK(got == "ab");
}

TEST_CASE("a mebibyte to a slow reader is written whole, and nobody waits for it but the writer") {
  Pair (*const make)() = GENERATE(stream_pair, tcp_pair, pipe_pair, fifo_pair);
  const bool in_parts = GENERATE(false, true);
  Pair pair = make();
  std::string sent(kMiB, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * i >> 8);
  ssize_t result = 0;
  std::string got;
  bool written = false;
  bool had_to_wait = false;
  const int little = 50'000;
  ::setsockopt(pair.theirs.get(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  ::setsockopt(pair.ours.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  on_request_fibers({[&] {
                       const std::array parts = {iovec{sent.data(), 1000}, iovec{nullptr, 0},
                                                 iovec{sent.data() + 1000, kMiB - 1000}};
                       const auto before = parts;
                       result = in_parts ? ::writev(pair.theirs.get(), parts.data(), 3)
                                         : ::write(pair.theirs.get(), sent.data(), sent.size());
                       if (parts[2].iov_base != before[2].iov_base) result = 0;
                       written = true;
                     },
                     [&] {
                       ::usleep(1'000);
                       had_to_wait = !written;
                       while (got.size() < kMiB) got += reads_of(pair.ours.get(), 20'000);
                     }});
  CHECK(result == static_cast<ssize_t>(kMiB));
  CHECK((got == sent));
  CHECK(had_to_wait);
}

TEST_CASE("what is written before the reader goes is told; the next write fails, with its signal") {
  static volatile std::sig_atomic_t signals;
  signals = 0;
  const auto before = std::signal(SIGPIPE, [](int) { signals = signals + 1; });
  Pair pair = stream_pair();
  const bool in_parts = GENERATE(false, true);
  const std::string much(8 * kMiB, 'x');
  const iovec part{const_cast<char*>(much.data()), much.size()};
  ssize_t first = 0;
  int signals_of_first = -1;
  ssize_t second = 0;
  int error = 0;
  on_request_fibers({[&] {
                       first = in_parts ? ::writev(pair.theirs.get(), &part, 1)
                                        : ::write(pair.theirs.get(), much.data(), much.size());
                       signals_of_first = signals;
                       second = ::write(pair.theirs.get(), "x", 1);
                       error = errno;
                     },
                     [&] {
                       reads_of(pair.ours.get(), 1000);
                       pair.ours.reset();
                     }});
  std::signal(SIGPIPE, before);
  CHECK(first > 0);
  CHECK(first < static_cast<ssize_t>(much.size()));
  CHECK(signals_of_first == 0);
  CHECK(second == -1);
  CHECK(error == EPIPE);
  CHECK(signals == 1);
}

TEST_CASE("datagrams keep their bounds, empty ones too") {
  Pair (*const make)() = GENERATE(datagram_pair, udp_pair);
  const Pair pair = make();
  std::vector<ssize_t> results;
  on_request_fibers({[&] {
                       char data[10];
                       results.push_back(::read(pair.ours.get(), data, 0));
                       results.push_back(::read(pair.ours.get(), data, 10));
                       results.push_back(::read(pair.ours.get(), data, 10));
                     },
                     [&] {
                       results.push_back(::write(pair.theirs.get(), nullptr, 0));
                       results.push_back(::write(pair.theirs.get(), "abc", 3));
                     }});
  CHECK(results == std::vector<ssize_t>{0, 0, 3, 0, 3});
}

TEST_CASE("eventfd, timerfd and inotify keep their reader waiting, and no other fiber") {
  const TemporaryFolder folder;
  const base::UniqueFd event(checked(::eventfd(0, EFD_CLOEXEC)));
  const base::UniqueFd timer(checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)));
  const base::UniqueFd changes(checked(::inotify_init1(IN_CLOEXEC)));
  checked(::inotify_add_watch(changes.get(), (folder / "").c_str(), IN_CREATE));
  const itimerspec soon{{0, 0}, {0, 10'000'000}};
  checked(::timerfd_settime(timer.get(), 0, &soon, nullptr));
  std::uint64_t count = 0;
  ssize_t of_event = 0;
  std::uint64_t expirations = 0;
  ssize_t of_changes = 0;
  on_request_fibers({[&] {
                       std::array<std::uint64_t, 2> room{};
                       of_event = ::read(event.get(), room.data(), sizeof room);
                       count = room[0];
                     },
                     [&] { ::read(timer.get(), &expirations, sizeof expirations); },
                     [&] {
                       alignas(inotify_event) char room[1000];
                       of_changes = ::read(changes.get(), room, sizeof room);
                     },
                     [&] {
                       const std::uint64_t five = 5;
                       ::write(event.get(), &five, sizeof five);
                       std::ofstream(folder / "new");
                     }});
  CHECK(of_event == 8);
  CHECK(count == 5);
  CHECK(expirations == 1);
  CHECK(of_changes > 0);
}

TEST_CASE("files are read to the last byte, and written, as ever") {
  const std::string where = GENERATE("/tmp", "/dev/shm");
  const TemporaryFolder folder;
  const std::string path =
      where == "/tmp" ? folder / "file" : "/dev/shm/appserver-test-" + std::to_string(::getpid());
  std::string text(300'001, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i % 251);
  // From there on, the page cache has forgotten the file.
  const off_t cold = GENERATE(-1, 0, 131'072);
  std::string got;
  std::string second;
  std::string end = "?";
  ssize_t appended = 0;
  off_t position = 0;
  on_request_fibers(1, [&](int) {
    const base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    ::write(file.get(), text.data(), text.size());
    ::lseek(file.get(), 0, SEEK_SET);
    if (cold >= 0) {
      ::fsync(file.get());
      ::posix_fadvise(file.get(), cold, 0, POSIX_FADV_DONTNEED);
    }
    got = reads_of(file.get(), 200'000);
    second = reads_of(file.get(), 200'000);
    end = reads_of(file.get(), 10);
    const base::UniqueFd log(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    appended = ::write(log.get(), "end", 3);
    position = ::lseek(log.get(), 0, SEEK_CUR);
  });
  ::unlink(path.c_str());
  CHECK((got == text.substr(0, 200'000)));
  CHECK((second == text.substr(200'000)));
  CHECK(end.empty());
  CHECK(appended == 3);
  CHECK(position == 300'004);
}

TEST_CASE("who waits for a descriptor that another fiber closes is told so") {
  Pair pair = stream_pair();
  const bool replaced = GENERATE(false, true);
  const Pair other = stream_pair();
  const int number = pair.ours.get();
  ssize_t result = 0;
  int error = 0;
  int reused = -1;
  std::string got;
  on_request_fibers({[&] {
                       char byte;
                       result = ::read(number, &byte, 1);
                       error = errno;
                       got = reads_of(replaced ? number : reused, 1);
                     },
                     [&] {
                       if (replaced) {
                         ::dup2(other.ours.get(), number);
                       } else {
                         pair.ours.reset();
                         reused = ::dup(other.ours.get());
                       }
                       ::usleep(1'000);
                       ::write(other.theirs.get(), "x", 1);
                     }});
  CHECK(result == -1);
  CHECK(error == EBADF);
  CHECK(got == "x");
  if (reused >= 0) {
    CHECK(reused == number);
    ::close(reused);
  }
}

TEST_CASE("a socket with the number of a pipe that was closed unseen is read and written as a socket") {
  const std::string much(kMiB, 'x');
  std::string from_pipe;
  int limited = 0;
  ssize_t written = 0;
  ssize_t empty = -1;
  Pair sockets;
  on_request_fibers({[&] {
                       Pair pipe = pipe_pair();
                       ::write(pipe.theirs.get(), "a", 1);
                       from_pipe = reads_of(pipe.ours.get(), 1);
                       sockets = stream_pair();
                       for (base::UniqueFd* const end : {&pipe.ours, &pipe.theirs}) {
                         base::UniqueFd& socket = end == &pipe.ours ? sockets.ours : sockets.theirs;
                         ::syscall(SYS_dup2, socket.get(), end->get());
                         std::swap(*end, socket);
                       }
                       const timeval limit{0, 10'000};
                       ::setsockopt(sockets.ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
                       char byte;
                       if (::read(sockets.ours.get(), &byte, 1) == -1) limited = errno;
                       empty = ::write(sockets.theirs.get(), nullptr, 0);
                       written = ::write(sockets.theirs.get(), much.data(), much.size());
                     },
                     [&] {
                       ::usleep(30'000);
                       for (std::size_t left = kMiB; left > 0;) {
                         const std::size_t got = reads_of(sockets.ours.get(), left).size();
                         if (got == 0) return;
                         left -= got;
                       }
                     }});
  CHECK(from_pipe == "a");
  CHECK(limited == EAGAIN);
  CHECK(empty == 0);
  CHECK(written == static_cast<ssize_t>(kMiB));
}

TEST_CASE("a dup2 that fails disturbs nobody who waits") {
  const Pair pair = stream_pair();
  int error = 0;
  std::string got;
  on_request_fibers({[&] { got = reads_of(pair.ours.get(), 1); },
                     [&] {
                       if (::dup2(-1, pair.ours.get()) == -1) error = errno;
                       ::usleep(1'000);
                       ::write(pair.theirs.get(), "x", 1);
                     }});
  CHECK(error == EBADF);
  CHECK(got == "x");
}

TEST_CASE("two descriptors of one socket are waited for each on its own") {
  const Pair pair = stream_pair();
  const base::UniqueFd second(checked(::dup(pair.ours.get())));
  std::string got;
  on_request_fibers({[&] { got += reads_of(pair.ours.get(), 1); }, [&] { got += reads_of(second.get(), 1); },
                     [&] { ::write(pair.theirs.get(), "x", 1); },
                     [&] {
                       ::usleep(1'000);
                       ::write(pair.theirs.get(), "x", 1);
                     }});
  CHECK(got == "xx");
}

TEST_CASE("a reader and a writer wait for the same descriptor") {
  const Pair pair = stream_pair();
  const std::string much(kMiB, 'x');
  std::string got;
  ssize_t written = 0;
  on_request_fibers({[&] { got = reads_of(pair.ours.get(), 1); },
                     [&] { written = ::write(pair.ours.get(), much.data(), much.size()); },
                     [&] {
                       for (std::size_t left = much.size(); left > 0;)
                         left -= reads_of(pair.theirs.get(), left).size();
                       ::write(pair.theirs.get(), "y", 1);
                     }});
  CHECK(got == "y");
  CHECK(written == static_cast<ssize_t>(kMiB));
}

TEST_CASE("what its owner has made non-blocking never waits") {
  Pair (*const make)() = GENERATE(stream_pair, tcp_pair, pipe_pair, fifo_pair, terminal_pair);
  const Pair pair = make();
  ::fcntl(pair.ours.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(pair.theirs.get(), F_SETFL, O_NONBLOCK);
  ssize_t got = 0;
  int error = 0;
  int full = 0;
  on_request_fibers(1, [&](int) {
    char byte;
    got = ::read(pair.ours.get(), &byte, 1);
    error = errno;
    const std::string much(100'000, 'x');
    while (::write(pair.theirs.get(), much.data(), much.size()) > 0) {
    }
    full = errno;
  });
  CHECK(got == -1);
  CHECK(error == EAGAIN);
  CHECK(full == EAGAIN);
}

TEST_CASE("errors are those of the real calls") {
  struct Case {
    const char* name;
    std::function<ssize_t()> call;
  };
  const base::UniqueFd socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  const base::UniqueFd folder(checked(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  const base::UniqueFd null(checked(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  const base::UniqueFd full(checked(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
  const base::UniqueFd event(checked(::eventfd(1, EFD_CLOEXEC)));
  Pair pipe = pipe_pair();
  char byte = 0;
  const iovec part{&byte, 1};
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  const std::vector<Case> cases = {
      {"read: no descriptor", [&] { return ::read(-1, &byte, 1); }},
      {"read: nothing, of no descriptor", [&] { return ::read(-1, &byte, 0); }},
      {"write: no descriptor", [&] { return ::write(1'000'000, &byte, 1); }},
      {"readv: no descriptor", [&] { return ::readv(-1, &part, 1); }},
      {"readv: no parts", [&] { return ::readv(pipe.ours.get(), &part, 0); }},
      {"readv: too many parts", [&] { return ::readv(pipe.ours.get(), &part, 1'000'000); }},
      {"writev: too many parts", [&] { return ::writev(socket.get(), &part, 1'000'000); }},
      {"read: not connected", [&] { return ::read(socket.get(), &byte, 1); }},
      {"write: not connected", [&] { return ::write(socket.get(), &byte, 1); }},
      {"read: a folder", [&] { return ::read(folder.get(), &byte, 1); }},
      {"read: only to write", [&] { return ::read(pipe.theirs.get(), &byte, 1); }},
      {"write: only to read", [&] { return ::write(null.get(), &byte, 1); }},
      {"write: a full device", [&] { return ::write(full.get(), &byte, 1); }},
      {"read: too little room", [&] { return ::read(event.get(), &byte, 1); }},
      {"read: the end", [&] { return ::read(null.get(), &byte, 1); }},
      {"close: no descriptor", [&] { return ::close(-1); }},
      {"dup2: no descriptor", [&] { return ::dup2(-1, 3); }},
      {"dup3: the same", [&] { return ::dup3(3, 3, 0); }},
      {"fcntl: no descriptor", [&] { return ::fcntl(-1, F_GETFL); }},
  };
  for (const Case& each : cases) {
    errno = 0;
    const ssize_t real = each.call();
    const int real_error = errno;
    ssize_t hooked = -2;
    int hooked_error = 0;
    on_request_fibers(1, [&](int) {
      errno = 0;
      hooked = each.call();
      hooked_error = errno;
    });
    INFO(each.name);
    CHECK(hooked == real);
    CHECK(hooked_error == real_error);
  }
  std::signal(SIGPIPE, before);
}

TEST_CASE("calls that succeed leave errno alone") {
  const Pair pipe = pipe_pair();
  const Pair socket = stream_pair();
  int after = 0;
  on_request_fibers({[&] {
                       errno = EXDEV;
                       for (const Pair* pair : {&pipe, &socket}) {
                         ::write(pair->theirs.get(), "abc", 3);
                         reads_of(pair->ours.get(), 10);
                         reads_of(pair->ours.get(), 10);
                       }
                       after = errno;
                     },
                     [&] {
                       ::usleep(1'000);
                       ::write(pipe.theirs.get(), "x", 1);
                       ::usleep(1'000);
                       ::write(socket.theirs.get(), "x", 1);
                     }});
  CHECK(after == EXDEV);
}

TEST_CASE("a loop that always finds something lets the others go on") {
  const base::UniqueFd zero(checked(::open("/dev/zero", O_RDONLY | O_CLOEXEC)));
  const Pair socket = stream_pair();
  const Pair idle = socket_pair(SOCK_STREAM | SOCK_NONBLOCK);
  const std::array<std::function<void()>, 3> loops = {
      [&] { reads_of(zero.get(), 100); },
      [&] {
        ::write(socket.theirs.get(), "x", 1);
        reads_of(socket.ours.get(), 1);
      },
      [&] { reads_of(idle.ours.get(), 1); },
  };
  const auto& loop = loops[GENERATE(0u, 1u, 2u)];
  bool done = false;
  on_request_fibers({[&] {
                       while (!done) loop();
                     },
                     [&] {
                       ::usleep(1'000);
                       done = true;
                     }});
  CHECK(done);
}

TEST_CASE("outside a request's fiber a read is the real one") {
  const Pair pair = stream_pair();
  bool other_ran = false;
  on_worker_thread([&](WorkerThread& worker) {
    runtime::spawn(worker.stacks, [&] { other_ran = true; });
    const timeval limit{0, 10'000};
    ::setsockopt(pair.ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char byte;
    CHECK(::read(pair.ours.get(), &byte, 1) == -1);
    CHECK_FALSE(other_ran);
    runtime::yield();
  });
  CHECK(other_ran);
}
