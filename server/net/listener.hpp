// A listening socket. The master makes it and keeps it for the server's life; workers inherit it by fork
// and share its one accept queue.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"

namespace net {

class Listener {
 public:
  // Binds and listens, non-blocking and close-on-exec; connections inherit TCP_NODELAY from it. Throws
  // std::runtime_error whose text says what is wrong with which address and what to do. A unix socket file
  // that nobody listens on any more is replaced; one that somebody does is an error. `fd://N` is owned from
  // here on. [master]
  Listener(const Endpoint& endpoint, int backlog);

  int fd() const { return fd_.get(); }

  const Endpoint& endpoint() const { return endpoint_; }  // as configured: port 0 stays 0

  // Where clients reach it: `http://127.0.0.1:8000` with the real port, or `unix:/path`.
  std::string url() const;

  // Whether the queue is another's too, who made the socket and may have the next server accept from it.
  bool inherited() const { return endpoint_.kind == Endpoint::Kind::inherited; }

  // Lets nobody new into the queue, for all processes that have the socket; those who are in it, or about to
  // be, can still be accepted. A TCP socket drops SYNs from now on, so that who comes is refused once the
  // last process has closed it (where the kernel does not offer that, who comes meanwhile is reset then); a
  // unix socket's file is removed, unless another has taken its place. An inherited socket stays as it is.
  // For the master alone, when it stops listening for good. [master]
  void turn_away() const;

 private:
  struct File {
    dev_t device;
    ino_t inode;
    bool operator==(const File&) const = default;
  };
  static std::optional<File> file_at(const std::string& path);

  Endpoint endpoint_;
  base::UniqueFd fd_;
  std::optional<File> file_;  // a unix socket's, as it was made
};

}  // namespace net
