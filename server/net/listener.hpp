// A listening socket. The master makes it and keeps it for the server's life; workers inherit it by fork
// and share its one accept queue.
#pragma once

#include <string>

#include "base/unique_fd.hpp"
#include "net/endpoint.hpp"

namespace net {

class Listener {
 public:
  // Binds and listens, non-blocking and close-on-exec; connections inherit TCP_NODELAY from it. Throws
  // std::runtime_error whose text says what is wrong with which address and what to do. A unix socket file
  // that nobody listens on any more is replaced; one that somebody does is an error. [master]
  Listener(const Endpoint& endpoint, int backlog);

  int fd() const { return fd_.get(); }
  const Endpoint& endpoint() const { return endpoint_; }  // as configured: port 0 stays 0

  // Where clients reach it: `http://127.0.0.1:8000` with the real port, or `unix:/path`.
  std::string url() const;

  // Removes the socket file of a unix socket; for the master alone, when it stops listening for good.
  // [master]
  void unlink() const;

 private:
  Endpoint endpoint_;
  base::UniqueFd fd_;
};

}  // namespace net
