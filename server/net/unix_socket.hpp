// A unix socket bound to a path: what net/listener.hpp needs beyond TCP. Any process.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "base/unique_fd.hpp"

namespace net {

// A stream socket bound to `path`, non-blocking and close-on-exec, not yet listening. A socket file that
// nobody listens on is replaced; any other file stays. Throws std::system_error with the errno of what
// failed (EADDRINUSE: somebody listens there), or std::runtime_error that says what is wrong with the path.
base::UniqueFd bind_unix_socket(const std::string& path);

// The path in an address as getsockname(2) gives it; "" for a socket without one (unix(7)).
std::string path_of(const sockaddr_un& address);

}  // namespace net
