#include "runtime/connect.hpp"

#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <utility>
#include <vector>

#include "runtime/parking.hpp"

namespace runtime {
namespace {

namespace asio = boost::asio;
using Endpoints = std::vector<asio::ip::tcp::endpoint>;

// A look-up that its fiber no longer waits for must find nothing of the fiber's stack.
struct Lookup {
  ParkingSpot spot;
  bool done = false;
  Endpoints found;
};

Endpoints look_up(Reactor& reactor, const std::string& host, std::uint16_t port, TimePoint deadline) {
  if (host.empty()) return {};  // which a look-up would take for this machine
  boost::system::error_code not_numeric;
  const auto address = asio::ip::make_address(host, not_numeric);
  if (!not_numeric) return {{address, port}};

  // Asio asks getaddrinfo on a thread of its own and posts the answer to the reactor.
  const auto lookup = std::make_shared<Lookup>();
  asio::ip::tcp::resolver resolver(reactor.io());
  resolver.async_resolve(host, std::to_string(port), asio::ip::resolver_base::numeric_service,
                         [lookup](const boost::system::error_code&, const auto& results) {
                           lookup->done = true;
                           for (const auto& result : results) lookup->found.push_back(result.endpoint());
                           lookup->spot.unpark();
                         });
  while (!lookup->done && lookup->spot.park_until(deadline) == Wake::signalled) {
  }
  return std::move(lookup->found);
}

ConnectResult connect_to(Reactor& reactor, const asio::ip::tcp::endpoint& endpoint, TimePoint deadline) {
  const auto failed = [](int error) {
    return ConnectResult{nullptr, std::error_code(error, std::generic_category())};
  };
  const int family = endpoint.data()->sa_family;
  base::UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed(errno);
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int begun = ::connect(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
  if (begun != 0 && errno != EINPROGRESS) return failed(errno);
  const bool connected = begun == 0;

  auto stream = std::make_unique<Stream>(reactor, std::move(socket));
  // Whether it is through shows when the socket becomes writable (connect(2), EINPROGRESS).
  if (!connected && stream->watch().wait_writable(deadline) == Wake::timed_out) return failed(ETIMEDOUT);
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream->fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return failed(error);
  return {std::move(stream), {}};
}

}  // namespace

ConnectResult connect(Reactor& reactor, const std::string& host, std::uint16_t port, TimePoint deadline) {
  ConnectResult result{nullptr, std::make_error_code(std::errc::no_such_file_or_directory)};
  for (const auto& endpoint : look_up(reactor, host, port, deadline)) {
    result = connect_to(reactor, endpoint, deadline);
    if (result.stream) return result;
  }
  if (Clock::now() >= deadline) result.error = std::make_error_code(std::errc::timed_out);
  return result;
}

}  // namespace runtime
