#include "runtime/send_file.hpp"

#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

namespace runtime {
namespace {

// The most that one call moves: a peer that keeps up lets the other fibers wait for no more than that.
constexpr std::size_t kStep = 512 * 1024;

// The same where each byte goes through a buffer of ours.
constexpr std::size_t kCopyStep = 64 * 1024;

ssize_t read_at_once(int file, char* into, std::size_t size, std::uint64_t offset) noexcept {
  const iovec part{into, size};
  return ::preadv2(file, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
}

std::error_code error_of(int number) { return {number, std::generic_category()}; }

// Whether reading the byte at `offset` could wait for the disk: it is not in the page cache, or the file's
// driver can't tell (EOPNOTSUPP), as overlayfs can't.
bool may_wait(int file, std::uint64_t offset) {
  char byte;
  return read_at_once(file, &byte, 1, offset) < 0;
}

// Calls `transfer` here, or on a thread where it `waits`.
template <typename Transfer>
ssize_t run(bool waits, ThreadPool& disk, Transfer transfer) {
  const auto uninterrupted = [&] {
    ssize_t size;
    do {
      size = transfer();
    } while (size < 0 && errno == EINTR);
    return size;
  };
  if (!waits) return uninterrupted();
  try {
    return disk.run(uninterrupted);
  } catch (const NoThread&) {  // better late than not at all
    return uninterrupted();
  }
}

// What the kernel can't send by itself is read into a buffer and written.
std::error_code copy(Stream& stream, FilePart part, Duration patience, ThreadPool& disk) {
  const auto buffer = std::make_unique<std::array<char, kCopyStep>>();
  while (part.size > 0) {
    const IoResult result = read_file(part, *buffer, disk);
    if (result.error) return result.error;
    iovec piece{buffer->data(), result.size};
    if (const auto error = stream.write({&piece, 1}, patience)) return error;
    part.offset += result.size;
    part.size -= result.size;
  }
  return {};
}

}  // namespace

IoResult read_file(const FilePart& part, std::span<char> into, ThreadPool& disk) {
  const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(part.size, into.size()));
  const ssize_t size = run(may_wait(part.file, part.offset), disk, [&] {
    return ::pread(part.file, into.data(), step, static_cast<off_t>(part.offset));
  });
  if (size < 0) return {0, error_of(EIO)};
  if (size == 0) return {0, error_of(ENODATA)};
  return {static_cast<std::size_t>(size), {}};
}

std::error_code send_file(Stream& stream, FilePart part, Duration patience, ThreadPool& disk) {
  while (part.size > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(part.size, kStep));
    // The kernel reads ahead in order, so that the last byte is the last to come.
    const bool cold = may_wait(part.file, part.offset) || may_wait(part.file, part.offset + step - 1);
    auto offset = static_cast<off_t>(part.offset);
    // The socket doesn't block: on a thread too, the call waits for nothing but the disk.
    const ssize_t size = run(cold, disk, [&] { return ::sendfile(stream.fd(), part.file, &offset, step); });
    if (size > 0) {
      part.offset += static_cast<std::uint64_t>(size);
      part.size -= static_cast<std::uint64_t>(size);
      if (part.size > 0) yield();
      continue;
    }
    if (size == 0) return error_of(ENODATA);
    // It can't (EINVAL, ENOSYS), or has failed with what may be the file's or the peer's: who reads and
    // writes can tell them apart.
    if (errno != EAGAIN) return copy(stream, part, patience, disk);
    // While a thread was at work nobody waited here, and the edge may have come and gone.
    if (cold && stream.is_writable()) continue;
    if (const auto error = stream.wait_writable(patience)) return error;
  }
  return {};
}

bool read_cached(FilePart part, char* into) noexcept {
  const ssize_t size = read_at_once(part.file, into, part.size, part.offset);
  return size >= 0 && static_cast<std::uint64_t>(size) == part.size;
}

}  // namespace runtime
