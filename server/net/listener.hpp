// A listening socket. The master makes it and keeps it for the server's life; workers inherit it by fork
// and share its one accept queue.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>

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

  // Gives the socket up, to a worker that closes it when it likes. [worker]
  base::UniqueFd release() { return std::move(fd_); }
  const Endpoint& endpoint() const { return endpoint_; }  // as configured: port 0 stays 0

  // Where clients reach it: `http://127.0.0.1:8000` with the real port, or `unix:/path`.
  std::string url() const;

  // Removes the socket file that this listener made, unless another has taken its place; for the master
  // alone, when it stops listening for good. [master]
  void unlink() const;

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
