#include "net/listener.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "net/unix_socket.hpp"

namespace net {
namespace {

constexpr int kOn = 1;

// What went wrong, as an operator would say it, and what to do.
std::string explain(int error, const Endpoint& endpoint) {
  const bool tcp = endpoint.kind == Endpoint::Kind::tcp;
  switch (error) {
    case EADDRINUSE:
      return "the address is in use; stop the other server or choose another with --bind";
    case EADDRNOTAVAIL:
      return "this machine has no such address; choose another with --bind";
    case EACCES:
      return tcp ? "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE"
                 : "permission denied; choose a path that this user may write to";
    case ENOENT:
    case ENOTDIR:
      return "its folder does not exist; create it or choose another path with --bind";
    default:
      return std::strerror(error);
  }
}

[[noreturn]] void refuse(const Endpoint& endpoint, const std::string& reason) {
  throw std::runtime_error("cannot listen on " + endpoint.text() + ": " + reason);
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (error == EAI_SYSTEM) refuse(endpoint, std::strerror(errno));
  if (error != 0) refuse(endpoint, "the host is not known (" + std::string(::gai_strerror(error)) + ')');
  return {found, &::freeaddrinfo};
}

// 0, or the errno of the call that failed.
int bind_tcp(const addrinfo& address, base::UniqueFd& out) {
  base::UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!fd) return errno;
  // A restart must not wait for the old server's connections in TIME_WAIT.
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn) != 0) return errno;
  // Otherwise `[::]:8000` would take IPv4 too, and collide with `0.0.0.0:8000` beside it (ipv6(7)).
  if (address.ai_family == AF_INET6 &&
      ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &kOn, sizeof kOn) != 0) {
    return errno;
  }
  if (::bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0) return errno;
  out = std::move(fd);
  return 0;
}

base::UniqueFd open_tcp(const Endpoint& endpoint) {
  const Addresses addresses = resolve(endpoint);
  base::UniqueFd fd;
  int error = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    error = bind_tcp(*address, fd);
    // `localhost` may name ::1 where there is no IPv6. Any other failure is the operator's to hear of: to
    // fall through to the next address would hide that the first one is taken.
    if (error != EADDRNOTAVAIL && error != EAFNOSUPPORT) break;
  }
  if (error != 0) refuse(endpoint, explain(error, endpoint));
  return fd;
}

base::UniqueFd open_unix(const Endpoint& endpoint) {
  try {
    return bind_unix_socket(endpoint.path);
  } catch (const std::system_error& error) {
    refuse(endpoint, explain(error.code().value(), endpoint));
  } catch (const std::runtime_error& error) {
    refuse(endpoint, error.what());
  }
}

base::UniqueFd take_over(const Endpoint& endpoint) {
  const int fd = endpoint.fd;
  int type = 0, listening = 0;
  socklen_t size = sizeof(int);
  if (::fcntl(fd, F_GETFD) < 0) refuse(endpoint, "no such descriptor was inherited");
  if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM ||
      ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
    refuse(endpoint, "the descriptor is not a listening stream socket");
  }
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) {
    refuse(endpoint, std::strerror(errno));
  }
  return base::UniqueFd(fd);
}

sockaddr_storage local_address(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return address;
}

// A handshake under way is finished by an ACK, which passes; a new one begins with a SYN without ACK (RFC
// 9293 section 3.5). The filter sees the segment from its TCP header on.
void drop_connection_requests(int fd) {
  constexpr std::uint32_t kFlagsAt = 13, kSyn = 0x02, kAck = 0x10, kAll = 0xffffffff;
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kFlagsAt),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kSyn | kAck),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kSyn, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, kAll),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  const sock_fprog filter{std::size(program), program};
  ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

}  // namespace

Listener::Listener(const Endpoint& endpoint, int backlog) : endpoint_(endpoint) {
  switch (endpoint.kind) {
    case Endpoint::Kind::tcp:
      fd_ = open_tcp(endpoint);
      break;
    case Endpoint::Kind::unix_path:
      fd_ = open_unix(endpoint);
      file_ = file_at(endpoint.path);
      break;
    case Endpoint::Kind::inherited:
      fd_ = take_over(endpoint);
      break;
  }
  if (local_address(fd()).ss_family != AF_UNIX &&
      ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn) != 0) {
    refuse(endpoint, std::strerror(errno));
  }
  // An inherited socket listens already, with the backlog of whoever made it; this one is the operator's.
  if (::listen(fd(), backlog) != 0) refuse(endpoint, explain(errno, endpoint));
}

std::string Listener::url() const {
  const sockaddr_storage address = local_address(fd());
  if (address.ss_family == AF_UNIX) {
    if (endpoint_.kind == Endpoint::Kind::unix_path) return endpoint_.text();
    const std::string path = path_of(reinterpret_cast<const sockaddr_un&>(address));
    return path.empty() ? endpoint_.text() : "unix:" + path;
  }
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), sizeof address, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return endpoint_.text();
  }
  const bool ipv6 = address.ss_family == AF_INET6;
  return std::string("http://") + (ipv6 ? "[" : "") + host + (ipv6 ? "]:" : ":") + port;
}

void Listener::turn_away() const {
  switch (endpoint_.kind) {
    case Endpoint::Kind::tcp:
      drop_connection_requests(fd());
      break;
    case Endpoint::Kind::unix_path:
      if (file_ && file_ == file_at(endpoint_.path)) ::unlink(endpoint_.path.c_str());
      break;
    case Endpoint::Kind::inherited:
      break;
  }
}

std::optional<Listener::File> Listener::file_at(const std::string& path) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return File{status.st_dev, status.st_ino};
}

}  // namespace net
