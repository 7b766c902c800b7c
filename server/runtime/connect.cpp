#include "runtime/connect.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "runtime/name_lookup.hpp"
#include "runtime/task.hpp"

namespace runtime {
namespace {

ConnectResult connect_to(Reactor& reactor, const addrinfo& address, TimePoint deadline) {
  const auto failed = [](int error) {
    return ConnectResult{nullptr, std::error_code(error, std::generic_category())};
  };
  base::UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed(errno);
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int begun = ::connect(socket.get(), address.ai_addr, address.ai_addrlen);
  if (begun != 0 && errno != EINPROGRESS) return failed(errno);
  const bool connected = begun == 0;

  auto stream = std::make_unique<Stream>(reactor, std::move(socket));
  // Whether it is through shows when the socket becomes writable (connect(2), EINPROGRESS).
  if (!connected) {
    const Wake wake = stream->watch().wait_writable(deadline);
    if (wake != Wake::signalled) return failed(wake == Wake::timed_out ? ETIMEDOUT : ECANCELED);
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream->fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return failed(error);
  return {std::move(stream), {}};
}

}  // namespace

ConnectResult connect(Reactor& reactor, ThreadPool& names, const std::string& host, std::uint16_t port,
                      TimePoint deadline) {
  ConnectResult result{nullptr, std::make_error_code(std::errc::no_such_file_or_directory)};
  const Addresses addresses = look_up(names, host, port, deadline);
  if (Task::current() && Task::current()->cancellation().cuts_waits()) {
    return {nullptr, std::make_error_code(std::errc::operation_canceled)};
  }
  for (const addrinfo* address = addresses.get(); address; address = address->ai_next) {
    result = connect_to(reactor, *address, deadline);
    if (result.stream || result.error == std::errc::operation_canceled) return result;
  }
  if (Clock::now() >= deadline) result.error = std::make_error_code(std::errc::timed_out);
  return result;
}

}  // namespace runtime
