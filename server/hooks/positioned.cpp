// Reading and writing at a place in a file: pread(2), preadv(2), preadv2(2) and their kin. What the page
// cache has is read at once; for the disk a real thread waits.
#include "hooks/file_io.hpp"
#include "hooks/readiness.hpp"
#include "hooks/real.hpp"

namespace {

using namespace hooks;

// Whether the call is the hook's: the kernel refuses the other counts and places.
bool is_transfer(const ThreadState* state, int count, off64_t offset) {
  return state && count > 0 && count <= IOV_MAX && offset >= 0;
}

using Way = ssize_t (*)(ThreadState&, const Transfer&);

ssize_t moved(ThreadState& state, Way way, const Transfer& transfer) {
  const int error_before = errno;
  const ssize_t result = at_once(state, way(state, transfer));
  if (result != -1) errno = error_before;
  return result;
}

ssize_t pread_hook(int descriptor, void* data, size_t size, off64_t offset) {
  ThreadState* const state = waiter();
  if (!is_transfer(state, 1, offset)) return real::pread64(descriptor, data, size, offset);
  const iovec part{data, size};
  return moved(*state, read_file, {descriptor, {&part, 1}, offset});
}

ssize_t pwrite_hook(int descriptor, const void* data, size_t size, off64_t offset) {
  ThreadState* const state = waiter();
  if (!is_transfer(state, 1, offset)) return real::pwrite64(descriptor, data, size, offset);
  const iovec part{const_cast<void*>(data), size};
  return moved(*state, write_file, {descriptor, {&part, 1}, offset});
}

ssize_t preadv_hook(int descriptor, const iovec* parts, int count, off64_t offset) {
  ThreadState* const state = waiter();
  if (!is_transfer(state, count, offset)) return real::preadv64(descriptor, parts, count, offset);
  return moved(*state, read_file, {descriptor, {parts, static_cast<size_t>(count)}, offset});
}

ssize_t pwritev_hook(int descriptor, const iovec* parts, int count, off64_t offset) {
  ThreadState* const state = waiter();
  if (!is_transfer(state, count, offset)) return real::pwritev64(descriptor, parts, count, offset);
  return moved(*state, write_file, {descriptor, {parts, static_cast<size_t>(count)}, offset});
}

// To these, -1 is the descriptor's own position.
ssize_t preadv2_hook(int descriptor, const iovec* parts, int count, off64_t offset, int flags) {
  ThreadState* const state = waiter();
  if (flags & RWF_NOWAIT || !is_transfer(state, count, offset == -1 ? 0 : offset)) {
    return real::preadv64v2(descriptor, parts, count, offset, flags);
  }
  return moved(*state, read_file, {descriptor, {parts, static_cast<size_t>(count)}, offset, flags});
}

ssize_t pwritev2_hook(int descriptor, const iovec* parts, int count, off64_t offset, int flags) {
  ThreadState* const state = waiter();
  if (flags & RWF_NOWAIT || !is_transfer(state, count, offset == -1 ? 0 : offset)) {
    return real::pwritev64v2(descriptor, parts, count, offset, flags);
  }
  return moved(*state, write_file, {descriptor, {parts, static_cast<size_t>(count)}, offset, flags});
}

}  // namespace

// off_t is off64_t on every platform that this is for.
static_assert(sizeof(off_t) == sizeof(off64_t));

extern "C" {

ssize_t pread(int descriptor, void* data, size_t size, off_t offset) {
  return pread_hook(descriptor, data, size, offset);
}

ssize_t pread64(int descriptor, void* data, size_t size, off64_t offset) {
  return pread_hook(descriptor, data, size, offset);
}

ssize_t __pread64(int descriptor, void* data, size_t size, off64_t offset) {
  return pread_hook(descriptor, data, size, offset);
}

ssize_t __pread_chk(int descriptor, void* data, size_t size, off_t offset, size_t room) {
  if (size > room) return real::__pread_chk(descriptor, data, size, offset, room);  // which ends the process
  return pread_hook(descriptor, data, size, offset);
}

ssize_t __pread64_chk(int descriptor, void* data, size_t size, off64_t offset, size_t room) {
  if (size > room) return real::__pread64_chk(descriptor, data, size, offset, room);
  return pread_hook(descriptor, data, size, offset);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  return pwrite_hook(descriptor, data, size, offset);
}

ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  return pwrite_hook(descriptor, data, size, offset);
}

ssize_t __pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  return pwrite_hook(descriptor, data, size, offset);
}

ssize_t preadv(int descriptor, const iovec* parts, int count, off_t offset) {
  return preadv_hook(descriptor, parts, count, offset);
}

ssize_t preadv64(int descriptor, const iovec* parts, int count, off64_t offset) {
  return preadv_hook(descriptor, parts, count, offset);
}

ssize_t pwritev(int descriptor, const iovec* parts, int count, off_t offset) {
  return pwritev_hook(descriptor, parts, count, offset);
}

ssize_t pwritev64(int descriptor, const iovec* parts, int count, off64_t offset) {
  return pwritev_hook(descriptor, parts, count, offset);
}

ssize_t preadv2(int descriptor, const iovec* parts, int count, off_t offset, int flags) {
  return preadv2_hook(descriptor, parts, count, offset, flags);
}

ssize_t preadv64v2(int descriptor, const iovec* parts, int count, off64_t offset, int flags) {
  return preadv2_hook(descriptor, parts, count, offset, flags);
}

ssize_t pwritev2(int descriptor, const iovec* parts, int count, off_t offset, int flags) {
  return pwritev2_hook(descriptor, parts, count, offset, flags);
}

ssize_t pwritev64v2(int descriptor, const iovec* parts, int count, off64_t offset, int flags) {
  return pwritev2_hook(descriptor, parts, count, offset, flags);
}

}  // extern "C"
