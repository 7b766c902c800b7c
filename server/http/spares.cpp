#include "http/spares.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace http {
namespace {

constexpr std::string_view kComeAgain =
    "HTTP/1.1 503 Service Unavailable\r\nServer: appserver\r\nRetry-After: 1\r\n"
    "Connection: close\r\nContent-Length: 0\r\n\r\n";

base::UniqueFd spare() { return base::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

bool Spares::turn_away_from(int listener) noexcept {
  close(kept_[next_]);
  base::UniqueFd socket(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    const int error = errno;
    kept_[next_] = spare();
    errno = error;
    return false;
  }
  turn_away(std::move(socket));
  return true;
}

void Spares::turn_away(base::UniqueFd socket) noexcept {
  ::send(socket.get(), kComeAgain.data(), kComeAgain.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::shutdown(socket.get(), SHUT_WR);
  close(kept_[next_]);
  kept_[next_] = std::move(socket);
  next_ = (next_ + 1) % kCount;
}

void Spares::refill() noexcept {
  for (base::UniqueFd& kept : kept_) {
    close(kept);
    kept = spare();
  }
}

// What has been read is not answered by a reset.
void Spares::close(base::UniqueFd& kept) noexcept {
  if (!kept) return;
  std::array<char, 16 * 1024> nowhere;
  for (int most = 8; most > 0; --most) {
    if (::recv(kept.get(), nowhere.data(), nowhere.size(), MSG_DONTWAIT) <= 0) break;
  }
  kept.reset();
}

}  // namespace http
