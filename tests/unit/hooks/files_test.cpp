#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <string>

#include "catch.hpp"
#include "outcomes.hpp"
#include "pairs.hpp"
#include "request_fibers.hpp"
#include "temporary_folder.hpp"

using namespace std::chrono_literals;

extern "C" {
int __fcntl(int, int, ...);
ssize_t __pread64(int, void*, size_t, off64_t);
ssize_t __pread_chk(int, void*, size_t, off_t, size_t);
ssize_t __pread64_chk(int, void*, size_t, off64_t, size_t);
ssize_t __pwrite64(int, const void*, size_t, off64_t);
}

namespace {

base::UniqueFd opened(const std::string& path, int flags = O_RDWR) {
  return base::UniqueFd(checked(::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0600)));
}

int lock_by_fcntl(int (*call)(int, int, ...), int descriptor, int command, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return call(descriptor, command, &lock);
}

// Locks and unlocks what `descriptor` is open on.
struct Lock {
  std::function<int(int descriptor)> lock;
  std::function<int(int descriptor)> unlock;
};

const Lock kFlock = {[](int descriptor) { return ::flock(descriptor, LOCK_EX); },
                     [](int descriptor) { return ::flock(descriptor, LOCK_UN); }};

Lock by_fcntl(int (*call)(int, int, ...)) {
  return {[call](int descriptor) { return lock_by_fcntl(call, descriptor, F_OFD_SETLKW, F_WRLCK); },
          [call](int descriptor) { return lock_by_fcntl(call, descriptor, F_OFD_SETLK, F_UNLCK); }};
}

}  // namespace

TEST_CASE("fibers take turns with a file's lock, held over a sleep, and the others go on") {
  const TemporaryFolder folder;
  const std::array<Lock, 4> locks = {kFlock, by_fcntl(::fcntl), by_fcntl(::fcntl64), by_fcntl(__fcntl)};
  const Lock& way = locks[GENERATE(0u, 1u, 2u, 3u)];
  int holders = 0;
  int together = 0;
  int taken = 0;
  on_request_fibers(20, [&](int) {
    const base::UniqueFd file = opened(folder / "file");
    if (way.lock(file.get()) != 0) return;
    ++taken;
    if (++holders > 1) ++together;
    ::usleep(1'000);
    --holders;
    way.unlock(file.get());
  });
  CHECK(taken == 20);
  CHECK(together == 0);
}

TEST_CASE("a process's lock, of which it may hold only one, is waited for by fibers of another process") {
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  const bool by_lockf = GENERATE(true, false);
  const base::UniqueFd file = opened(path);
  const Pair holding = socket_pair(SOCK_STREAM);
  const pid_t child = checked(::fork());
  if (child == 0) {  // holds the lock until it hears of us
    char byte = 0;
    const bool held = ::lockf(file.get(), F_LOCK, 0) == 0 && ::write(holding.theirs.get(), "x", 1) == 1;
    ::_exit(held && ::read(holding.theirs.get(), &byte, 1) == 1 ? 0 : 1);
  }
  char byte = 0;
  checked(static_cast<int>(::read(holding.ours.get(), &byte, 1)));
  int result = -1;
  bool waited = false;
  on_request_fibers({[&] {
                       result = by_lockf ? ::lockf64(file.get(), F_LOCK, 0)
                                         : lock_by_fcntl(::fcntl, file.get(), F_SETLKW, F_WRLCK);
                     },
                     [&] {
                       ::usleep(5'000);
                       waited = result == -1;
                       ::write(holding.ours.get(), "x", 1);
                     }});
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(waited);
  CHECK(result == 0);
}

TEST_CASE("locks that must not wait don't, and every other command of fcntl is as ever") {
  const TemporaryFolder folder;
  const base::UniqueFd held = opened(folder / "file");
  const base::UniqueFd file = opened(folder / "file");
  checked(::flock(held.get(), LOCK_EX));
  int busy = 0;
  int flags = 0;
  int copy = -1;
  on_request_fibers(1, [&](int) {
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == -1) busy = errno;
    ::fcntl(file.get(), F_SETFL, O_APPEND);
    flags = ::fcntl(file.get(), F_GETFL);
    copy = ::fcntl(file.get(), F_DUPFD_CLOEXEC, 100);
  });
  const base::UniqueFd closed_at_end(copy);
  CHECK(busy == EWOULDBLOCK);
  CHECK((flags & O_APPEND));
  CHECK(copy >= 100);
}

TEST_CASE("while files are brought to the disk, others go on") {
  const TemporaryFolder folder;
  const base::UniqueFd file = opened(folder / "file");
  const auto sync = GENERATE(::fsync, ::fdatasync);
  const std::string much(1 << 20, 'x');
  std::string order;
  int result = -1;
  int error = 0;
  on_request_fibers({[&] {
                       ::write(file.get(), much.data(), much.size());
                       order += 'a';
                       result = sync(file.get());
                       order += 'c';
                       if (sync(-1) == -1) error = errno;
                     },
                     [&] { order += 'b'; }});
  CHECK(result == 0);
  CHECK(order == "abc");
  CHECK(error == EBADF);
}

TEST_CASE("files are read and written at a place, whether the cache has it or the disk") {
  const TemporaryFolder folder;
  const base::UniqueFd file = opened(folder / "file");
  const bool cold = GENERATE(false, true);
  std::vector<ssize_t> written;
  std::vector<ssize_t> read;
  std::array<std::string, 8> got;
  off_t position = -1;
  on_request_fibers(1, [&](int) {
    const auto forget = [&] {
      if (!cold) return;
      ::fsync(file.get());
      ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
    };
    std::string ab = "ab";
    const std::array parts = {iovec{ab.data(), 1}, iovec{ab.data() + 1, 1}};
    written = {::pwrite(file.get(), "01", 2, 0),
               ::pwrite64(file.get(), "23", 2, 2),
               __pwrite64(file.get(), "45", 2, 4),
               ::pwritev(file.get(), parts.data(), 2, 6),
               ::pwritev64(file.get(), parts.data(), 2, 8),
               ::pwritev2(file.get(), parts.data(), 2, 10, 0),
               ::pwritev64v2(file.get(), parts.data(), 2, 12, RWF_DSYNC)};
    const auto into = [&](std::size_t i, auto call) {
      got[i].assign(20, '\0');
      forget();
      const std::array room = {iovec{got[i].data(), 1}, iovec{got[i].data() + 1, 19}};
      read.push_back(call(got[i].data(), room.data()));
      got[i].resize(14);
    };
    into(0, [&](char* data, const iovec*) { return ::pread(file.get(), data, 20, 0); });
    into(1, [&](char* data, const iovec*) { return ::pread64(file.get(), data, 20, 0); });
    into(2, [&](char* data, const iovec*) { return __pread64(file.get(), data, 20, 0); });
    into(3, [&](char* data, const iovec*) { return __pread_chk(file.get(), data, 20, 0, 20); });
    into(4, [&](char* data, const iovec*) { return __pread64_chk(file.get(), data, 20, 0, 20); });
    into(5, [&](char*, const iovec* room) { return ::preadv(file.get(), room, 2, 0); });
    into(6, [&](char*, const iovec* room) { return ::preadv64(file.get(), room, 2, 0); });
    into(7, [&](char*, const iovec* room) { return ::preadv2(file.get(), room, 2, 0, 0); });
    position = ::lseek(file.get(), 0, SEEK_CUR);
    std::string rest(20, '\0');
    const iovec part{rest.data(), 20};
    read.push_back(::preadv64v2(file.get(), &part, 1, -1, 0));
    read.push_back(::preadv64v2(file.get(), &part, 1, -1, 0));
  });
  CHECK(written == std::vector<ssize_t>(7, 2));
  CHECK(read == std::vector<ssize_t>{14, 14, 14, 14, 14, 14, 14, 14, 14, 0});
  for (const std::string& text : got) CHECK(text == "012345abababab");
  CHECK(position == 0);
}

TEST_CASE("errors of files are those of the real calls") {
  const Pair pipe = pipe_pair();
  const Pair socket = socket_pair(SOCK_STREAM);
  const base::UniqueFd zero(checked(::open("/dev/zero", O_RDONLY | O_CLOEXEC)));
  char byte = 0;
  const iovec part{&byte, 1};
  const std::array<std::function<ssize_t()>, 12> calls = {
      [&] { return ::pread(-1, &byte, 1, 0); },
      [&] { return ::pread(pipe.ours.get(), &byte, 1, 0); },
      [&] { return ::pread(zero.get(), &byte, 1, -1); },
      [&] { return ::pwrite(pipe.theirs.get(), &byte, 1, 0); },
      [&] { return ::pwrite(zero.get(), &byte, 1, 0); },
      [&] { return ::preadv(zero.get(), &part, 1'000'000, 0); },
      [&] { return ::preadv2(zero.get(), &part, 1, -2, 0); },
      [&] { return ::preadv2(pipe.ours.get(), &part, 1, -1, RWF_NOWAIT); },
      [&] { return ::sendfile(socket.ours.get(), -1, nullptr, 1); },
      [&] { return ::sendfile(-1, zero.get(), nullptr, 1); },
      [&] { return ::splice(zero.get(), nullptr, zero.get(), nullptr, 1, 0); },
      [&]() -> ssize_t { return ::flock(-1, LOCK_EX); },
  };
  check_same_errors(calls);
}

TEST_CASE("sendfile gives a slow reader the whole of a file, and its socket stays as it is") {
  const TemporaryFolder folder;
  const base::UniqueFd file = opened(folder / "file");
  std::string text(1 << 20, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i >> 8);
  checked(static_cast<int>(::write(file.get(), text.data(), text.size())));
  const bool by_offset = GENERATE(false, true);
  const Pair pair = GENERATE(false, true) ? socket_pair(SOCK_STREAM) : tcp_pair();
  const int little = 50'000;
  ::setsockopt(pair.theirs.get(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  ::setsockopt(pair.ours.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  ::lseek(file.get(), 0, SEEK_SET);
  off64_t offset = 0;
  ssize_t result = 0;
  int flags = O_NONBLOCK;
  std::string got;
  on_request_fibers({[&] {
                       // More than there is: it ends with the file.
                       result = by_offset ? ::sendfile64(pair.theirs.get(), file.get(), &offset, 1 << 21)
                                          : ::sendfile(pair.theirs.get(), file.get(), nullptr, 1 << 21);
                       ::shutdown(pair.theirs.get(), SHUT_WR);
                     },
                     [&] {
                       ::usleep(1'000);
                       flags = ::fcntl(pair.theirs.get(), F_GETFL);
                       std::array<char, 20'000> some;
                       for (;;) {
                         const ssize_t size = ::read(pair.ours.get(), some.data(), some.size());
                         if (size <= 0) break;
                         got.append(some.data(), static_cast<std::size_t>(size));
                       }
                     }});
  CHECK(result == 1 << 20);
  CHECK((got == text));
  CHECK_FALSE((flags & O_NONBLOCK));
  CHECK((by_offset ? offset : ::lseek(file.get(), 0, SEEK_CUR)) == 1 << 20);
}

TEST_CASE("sendfile to a file, and splice from a pipe that is empty yet") {
  const TemporaryFolder folder;
  const base::UniqueFd from = opened(folder / "from");
  const base::UniqueFd to = opened(folder / "to");
  checked(static_cast<int>(::write(from.get(), "abc", 3)));
  const Pair pipe = pipe_pair();
  const Pair socket = socket_pair(SOCK_STREAM);
  off_t start = 0;
  ssize_t copied = 0;
  ssize_t spliced = 0;
  on_request_fibers(
      {[&] { copied = ::sendfile(to.get(), from.get(), &start, 10); },
       [&] { spliced = ::splice(pipe.ours.get(), nullptr, socket.theirs.get(), nullptr, 10, 0); },
       [&] {
         ::usleep(1'000);
         ::write(pipe.theirs.get(), "xy", 2);
       }});
  CHECK(copied == 3);
  CHECK(spliced == 2);
}
