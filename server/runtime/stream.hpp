// A connected, non-blocking stream socket whose waits suspend the calling fiber alone. Each call is tried at
// once; only EAGAIN waits in the reactor. Owned by one connection; one fiber reads and one writes.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>
#include <system_error>

#include "base/unique_fd.hpp"
#include "runtime/clock.hpp"
#include "runtime/watch.hpp"

namespace runtime {

struct IoResult {
  std::size_t size = 0;   // bytes moved; a read of none without an error is the end of the stream
  std::error_code error;  // of the generic category: timed_out, connection_reset, broken_pipe...
};

class Stream {
 public:
  // Throws std::system_error where the reactor can't watch the socket, and leaves that to the caller.
  Stream(Reactor& reactor, base::UniqueFd&& socket, ReadinessObserver* observer = nullptr)
      : watch_(reactor, socket.get(), observer) {
    socket_ = std::move(socket);
  }

  int fd() const { return socket_.get(); }
  Watch& watch() { return watch_; }

  // Reads what is there now, without waiting; `error` is operation_would_block where nothing is. [worker]
  IoResult try_read(std::span<char> into);

  // Reads at least a byte. device_or_resource_busy where another fiber waits to read, operation_canceled
  // where the fiber's task is. [worker, may suspend]
  IoResult read(std::span<char> into, TimePoint deadline);

  // Writes without waiting, as much as the kernel takes. `flags` are those of send(2). [worker]
  IoResult try_write(std::span<const iovec> pieces, int flags = 0);

  // Writes all of it; each wait for the peer lasts `patience` at most (zero: for ever). Changes `pieces`.
  // MSG_MORE in `flags`: more follows at once, and may share its last packet. device_or_resource_busy where
  // another fiber waits to write, operation_canceled where the fiber's task is. [worker, may suspend]
  std::error_code write(std::span<iovec> pieces, Duration patience, int flags = 0);

  // Whether the kernel takes more now, or knows an error. Asks it. [worker]
  bool is_writable() const noexcept;

  // Waits after EAGAIN until the kernel takes more; fails as write() does. [worker, may suspend]
  std::error_code wait_writable(Duration patience);

  // Whether bytes have come that have not been read, though the reactor may not have heard of them. [worker]
  bool has_unread() const noexcept;

  // Says that nothing more will be written (FIN). [worker]
  void shut_down_writing() noexcept;

  // Lets the end of the stream be a reset (RST), by which the peer knows that it was cut. [worker]
  void reset_at_close() noexcept;

 private:
  void give_way();

  base::UniqueFd socket_;
  Watch watch_;       // ends before the socket is closed
  int in_a_row_ = 0;  // calls that did not have to wait
};

}  // namespace runtime
