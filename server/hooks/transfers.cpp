// Moving data between descriptors: sendfile(2), splice(2).
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <algorithm>

#include "hooks/file_io.hpp"
#include "hooks/non_blocking.hpp"
#include "hooks/offload.hpp"
#include "hooks/readiness.hpp"

namespace {

using namespace hooks;

constexpr size_t kMost = 0x7ffff000;  // in one call: sendfile(2), NOTES

mode_t kind_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

// A byte is read, by a real thread if it must, and those after it are then read ahead.
void bring_into_cache(ThreadState& state, int file, const off64_t* offset) {
  char byte;
  const iovec part{&byte, 1};
  read_file(state, {file, {&part, 1}, offset ? *offset : ::lseek(file, 0, SEEK_CUR)});
}

ssize_t sendfile_hook(int out, int in, off64_t* offset, size_t size) {
  ThreadState* const state = waiter();
  if (!state) return real::sendfile64(out, in, offset, size);
  const int flags = real::fcntl(out, F_GETFL);
  if (flags == -1 || flags & O_NONBLOCK) return at_once(*state, real::sendfile64(out, in, offset, size));
  if (kind_of(out) != S_IFSOCK || kind_of(in) != S_IFREG) {
    return on_thread(*state, [=] { return real::sendfile64(out, in, offset, size); });
  }
  const size_t whole = std::min(size, kMost);
  return until_all(*state, out, Direction::writing, whole, [=](size_t done) {
    bring_into_cache(*state, in, offset);
    const NonBlocking for_now(out, flags);
    return real::sendfile64(out, in, offset, whole - done);
  });
}

}  // namespace

extern "C" {

ssize_t sendfile(int out, int in, off_t* offset, size_t size) noexcept {
  return sendfile_hook(out, in, offset, size);
}

ssize_t sendfile64(int out, int in, off64_t* offset, size_t size) noexcept {
  return sendfile_hook(out, in, offset, size);
}

// Either end may be what has to be waited for: a thread knows.
ssize_t splice(int in, off64_t* in_offset, int out, off64_t* out_offset, size_t size, unsigned int flags) {
  ThreadState* const state = waiter();
  if (!state) return real::splice(in, in_offset, out, out_offset, size, flags);
  return on_thread(*state, [=] { return real::splice(in, in_offset, out, out_offset, size, flags); });
}

}  // extern "C"
