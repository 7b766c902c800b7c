// Sends a part of a file over a stream, from the page cache to the socket where the kernel can (sendfile(2)).
// What must come from the disk is waited for on a real thread, so that a cold file holds up its own request
// alone.
#pragma once

#include <cstdint>
#include <system_error>

#include "runtime/offload.hpp"
#include "runtime/stream.hpp"

namespace runtime {

struct FilePart {
  int file;  // a regular file, open for reading; its own position is neither used nor changed
  std::uint64_t offset;
  std::uint64_t size;
};

// Sends all of it; each wait for the peer lasts `patience` at most (zero: for ever). The threads that wait
// for the disk are those of `disk`. no_message_available (ENODATA) where the file ends before the part does,
// io_error where reading it fails, whatever with; else what Stream::write fails with. sendfile(2) knows no
// MSG_NOSIGNAL: SIGPIPE is ignored, as the master and its children have it. [worker, may suspend]
std::error_code send_file(Stream& stream, FilePart part, Duration patience, ThreadPool& disk);

// Reads a part to where there is room for it, if the page cache has all of it; false if not. [worker]
bool read_cached(FilePart part, char* into) noexcept;

// Reads the next 1 or more bytes of it into `into`, from a thread where they must come from the disk. Errors
// of the file as above. [worker, may suspend]
IoResult read_file(const FilePart& part, std::span<char> into, ThreadPool& disk);

}  // namespace runtime
