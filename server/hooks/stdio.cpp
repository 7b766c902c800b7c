// Reading through stdio from what can keep one waiting, as popen(3) gives: fgets(3), fread(3), getc(3),
// getline(3). What stands in the stream's buffer is libc's own affair; before libc fills the buffer from the
// descriptor, which it does by one read(2) that no hook sees, the fiber waits until that read won't.
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "hooks/address_wait.hpp"
#include "hooks/non_blocking.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// These two members are public by libc's own macros and inline functions of old: <bits/types/struct_FILE.h>.
size_t buffered(const FILE* stream) {
  return static_cast<size_t>(stream->_IO_read_end - stream->_IO_read_ptr);
}

// How much of the buffer belongs to what ends at `delimiter`, which is part of it; at most `most`.
size_t stretch(const FILE* stream, int delimiter, size_t most) {
  const size_t length = std::min(buffered(stream), most);
  if (length == 0) return 0;
  const void* const end = std::memchr(stream->_IO_read_ptr, delimiter, length);
  return end ? static_cast<size_t>(static_cast<const char*>(end) - stream->_IO_read_ptr) + 1 : length;
}

bool holds(const FILE* stream, int delimiter) {
  return buffered(stream) > 0 && std::memchr(stream->_IO_read_ptr, delimiter, buffered(stream));
}

// A stream without a descriptor reads from memory, or by functions of the plugin's own.
bool may_wait(FILE* stream) {
  const int error = errno;
  struct stat status {};
  const int descriptor = ::fileno(stream);
  const bool may = descriptor >= 0 && ::fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode) &&
                   !S_ISBLK(status.st_mode) && !S_ISDIR(status.st_mode);
  errno = error;
  return may;
}

// A fiber's turn to read from a stream. Two that read lines from one stream each get whole lines, as the
// stream's lock sees to among threads; but that lock is one for all fibers of a thread.
class Turn {
 public:
  Turn(ThreadState& state, FILE* stream) : state_(state), stream_(stream) {
    while (is_taken()) {
      AddressWait wait(state.reactor(), stream);
      if (is_taken()) wait.wait_until();
    }
    next_ = first_;
    first_ = this;
  }
  ~Turn() {
    Turn** link = &first_;
    while (*link != this) link = &(*link)->next_;
    *link = next_;
    wake_at(stream_, 1);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // The next character, or EOF. [worker, may suspend]
  int next() {
    const int descriptor = ::fileno(stream_);
    TimePoint deadline{};
    // The end of a stream is not looked for twice.
    const bool at_once = buffered(stream_) > 0 || ::feof(stream_) ||
                         is_ready(descriptor, Direction::reading) || !waits(descriptor, deadline);
    const int error = at_once ? 0 : wait_until_ready(state_, descriptor, POLLIN, deadline);
    if (error != ETIMEDOUT && error != ECANCELED) return hooks::at_once(state_, real::getc(stream_));
    // So that it fails, and the stream knows.
    const NonBlocking for_now(descriptor, real::fcntl(descriptor, F_GETFL));
    const int c = real::getc(stream_);
    if (c == EOF && error == ECANCELED) errno = error;
    return c;
  }

 private:
  static bool waits(int descriptor, TimePoint& deadline) {
    const int error = errno;
    const bool would = would_wait(descriptor, Direction::reading, deadline);
    errno = error;
    return would;
  }

  bool is_taken() const {
    for (const Turn* turn = first_; turn; turn = turn->next_) {
      if (turn->stream_ == stream_) return true;
    }
    return false;
  }

  static inline constinit thread_local Turn* first_ = nullptr;

  ThreadState& state_;
  FILE* const stream_;
  Turn* next_ = nullptr;
};

// Hands pieces to `take(data, size)` until one ends with `delimiter`, `most` have come, or nothing more does:
// false. (With no delimiter: EOF.)
template <typename Take>
bool read_pieces(ThreadState& state, FILE* stream, int delimiter, size_t most, Take take) {
  Turn turn(state, stream);
  while (most > 0) {
    size_t size = stretch(stream, delimiter, most);
    if (size == 0) {
      const int c = turn.next();
      if (c == EOF) return false;
      // It is looked at again as part of a piece.
      ::ungetc(c, stream);
      size = stretch(stream, delimiter, most);
    }
    const char last = stream->_IO_read_ptr[size - 1];
    if (!take(size)) return false;
    if (last == static_cast<char>(delimiter) && delimiter != EOF) return true;
    most -= size;
  }
  return true;
}

int getc_hook(FILE* stream) {
  ThreadState* const state = waiter();
  if (!state || buffered(stream) > 0) return real::getc(stream);
  if (!may_wait(stream)) return at_once(*state, real::getc(stream));
  return Turn(*state, stream).next();
}

char* fgets_hook(char* line, int size, FILE* stream) {
  ThreadState* const state = waiter();
  if (!state || size <= 1) return real::fgets(line, size, stream);
  const size_t room = static_cast<size_t>(size) - 1;
  if (buffered(stream) >= room || holds(stream, '\n')) return real::fgets(line, size, stream);
  if (!may_wait(stream)) return at_once(*state, real::fgets(line, size, stream));
  char* at = line;
  const bool whole = read_pieces(*state, stream, '\n', room, [&](size_t piece) {
    at += real::fread(at, 1, piece, stream);
    return true;
  });
  if (!whole && (at == line || (!::feof(stream) && errno != EAGAIN))) return nullptr;
  *at = '\0';
  return line;
}

size_t fread_hook(void* data, size_t size, size_t count, FILE* stream) {
  ThreadState* const state = waiter();
  size_t bytes = 0;
  if (!state || __builtin_mul_overflow(size, count, &bytes) || buffered(stream) >= bytes) {
    return real::fread(data, size, count, stream);
  }
  if (!may_wait(stream)) return at_once(*state, real::fread(data, size, count, stream));
  char* at = static_cast<char*>(data);
  read_pieces(*state, stream, EOF, bytes, [&](size_t piece) {
    at += real::fread(at, 1, piece, stream);
    return true;
  });
  return static_cast<size_t>(at - static_cast<char*>(data)) / size;
}

ssize_t getdelim_hook(char** line, size_t* room, int delimiter, FILE* stream) {
  ThreadState* const state = waiter();
  if (!state || !line || !room || holds(stream, delimiter)) {
    return real::getdelim(line, room, delimiter, stream);
  }
  if (!may_wait(stream)) return at_once(*state, real::getdelim(line, room, delimiter, stream));
  size_t used = 0;
  bool enough = true;
  read_pieces(*state, stream, static_cast<unsigned char>(delimiter), SIZE_MAX, [&](size_t piece) {
    if (!*line || *room <= used + piece) {
      const size_t more = std::max({size_t{120}, 2 * used, used + piece + 1});
      void* const larger = std::realloc(*line, more);
      if (!larger) return enough = false;
      *line = static_cast<char*>(larger);
      *room = more;
    }
    used += real::fread(*line + used, 1, piece, stream);
    return true;
  });
  if (!enough || used == 0) return -1;
  (*line)[used] = '\0';
  return static_cast<ssize_t>(used);
}

}  // namespace

extern "C" {

int getc(FILE* stream) { return getc_hook(stream); }

int fgetc(FILE* stream) { return getc_hook(stream); }

char* fgets(char* line, int size, FILE* stream) { return fgets_hook(line, size, stream); }

char* __fgets_chk(char* line, size_t room, int size, FILE* stream) {
  if (size > 0 && static_cast<size_t>(size) > room) {
    return real::__fgets_chk(line, room, size, stream);  // which ends the process
  }
  return fgets_hook(line, size, stream);
}

size_t fread(void* data, size_t size, size_t count, FILE* stream) {
  return fread_hook(data, size, count, stream);
}

size_t __fread_chk(void* data, size_t room, size_t size, size_t count, FILE* stream) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(size, count, &bytes) || bytes > room) {
    return real::__fread_chk(data, room, size, count, stream);
  }
  return fread_hook(data, size, count, stream);
}

ssize_t getdelim(char** line, size_t* room, int delimiter, FILE* stream) {
  return getdelim_hook(line, room, delimiter, stream);
}

ssize_t __getdelim(char** line, size_t* room, int delimiter, FILE* stream) {
  return getdelim_hook(line, room, delimiter, stream);
}

ssize_t getline(char** line, size_t* room, FILE* stream) { return getdelim_hook(line, room, '\n', stream); }

}  // extern "C"
