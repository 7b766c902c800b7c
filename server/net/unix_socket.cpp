#include "net/unix_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace net {
namespace {

constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void fail(int error) { throw std::system_error(error, std::generic_category()); }

sockaddr_un address_of(const std::string& path) {
  if (path.size() > kLongestPath) {
    throw std::runtime_error("the path has " + std::to_string(path.size()) +
                             " bytes, and a unix socket's may have " + std::to_string(kLongestPath) +
                             "; choose a shorter one with --bind");
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

base::UniqueFd open_socket() {
  base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) fail(errno);
  return fd;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

// A server that was killed leaves its socket file behind; only connect(2) tells whether somebody listens.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return;  // its server has just removed it
    fail(errno);
  }
  if (!S_ISSOCK(status.st_mode)) {
    throw std::runtime_error(
        "a file that is not a socket is there; remove it or choose another path with --bind");
  }
  const base::UniqueFd probe = open_socket();
  if (::connect(probe.get(), generic(address), sizeof address) == 0) fail(EADDRINUSE);
  switch (errno) {
    case ECONNREFUSED:
      break;
    case EAGAIN:      // its backlog is full
    case EPROTOTYPE:  // somebody's, though not a stream socket
      fail(EADDRINUSE);
    default:
      fail(errno);
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(errno);
}

}  // namespace

base::UniqueFd bind_unix_socket(const std::string& path) {
  const sockaddr_un address = address_of(path);
  base::UniqueFd fd = open_socket();
  if (::bind(fd.get(), generic(address), sizeof address) == 0) return fd;
  if (errno != EADDRINUSE) fail(errno);
  remove_stale(path, address);
  if (::bind(fd.get(), generic(address), sizeof address) != 0) fail(errno);
  return fd;
}

std::string path_of(const sockaddr_un& address) {
  return std::string(address.sun_path, ::strnlen(address.sun_path, sizeof address.sun_path));
}

}  // namespace net
