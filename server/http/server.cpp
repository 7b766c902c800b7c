#include "http/server.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include "base/log.hpp"

namespace http {
namespace {

// Connections that one worker takes at a time, before it looks at what else there is to do: the other
// workers get theirs.
constexpr int kAcceptedAtOnce = 16;

// Out of descriptors, the queue stays readable: without a pause the loop would spin on it.
constexpr auto kPause = std::chrono::milliseconds(100);

}  // namespace

struct Server::Acceptor final : runtime::ReadinessObserver {
  Acceptor(Server& of, int fd) : server(of), listener(fd) {}
  void on_readable() override { server.accept_from(listener); }

  Server& server;
  const int listener;
  std::optional<runtime::Watch> watch;  // while it accepts
};

Server::Server(runtime::Reactor& reactor, runtime::StackPool& stacks, Service& service, const Limits& limits)
    : reactor_(reactor),
      stacks_(stacks),
      service_(service),
      limits_(limits),
      idle_(reactor, limits.keep_alive, TimeOut{}),
      heads_(reactor, limits.header_timeout, TimeOut{}),
      resume_(reactor.io()) {}

Server::~Server() {
  connections_.clear_and_dispose([](Connection* connection) { delete connection; });
}

void Server::listen(int listener) {
  acceptors_.push_back(std::make_unique<Acceptor>(*this, listener));
  update_acceptors();
}

void Server::accept_from(int listener) {
  for (int i = 0; i < kAcceptedAtOnce && connections_.size() < limits_.connections; ++i) {
    base::UniqueFd socket(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      add(std::move(socket));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      base::log_warning("Cannot accept a connection: ", std::strerror(errno), "; the next try is in 100 ms");
      pause_accepting();
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      break;  // EAGAIN: another worker has taken it
    }
  }
  update_acceptors();
}

void Server::add(base::UniqueFd socket) {
  try {
    auto connection = std::make_unique<Connection>(*this, std::move(socket));
    connections_.push_back(*connection);
    await_head(*connection.release());
  } catch (const std::system_error& error) {
    base::log_warning("A connection is closed: ", error.what());
  }
}

// Only as many connections are taken as are allowed; the rest wait in the kernel for a worker with room.
void Server::update_acceptors() {
  const bool accepting = !draining_ && !paused_ && connections_.size() < limits_.connections;
  for (const auto& acceptor : acceptors_) {
    if (accepting == acceptor->watch.has_value()) continue;
    if (accepting) {
      acceptor->watch.emplace(reactor_, acceptor->listener, acceptor.get(), runtime::Watch::Trigger::level);
    } else {
      acceptor->watch.reset();
    }
  }
}

void Server::pause_accepting() {
  paused_ = true;
  update_acceptors();
  resume_.expires_after(kPause);
  resume_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    paused_ = false;
    update_acceptors();
  });
}

void Server::close(Connection& connection) {
  connections_.erase(connections_.iterator_to(connection));
  delete &connection;
  if (connections_.size() + 1 == limits_.connections) update_acceptors();
  if (draining_ && connections_.empty()) drained_.unpark();
}

void Server::drain(runtime::Duration patience) {
  if (draining_) return;
  for (const auto& acceptor : acceptors_) {
    while (connections_.size() < limits_.connections) {
      base::UniqueFd socket(::accept4(acceptor->listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket) break;
      add(std::move(socket));
    }
  }
  draining_ = true;
  update_acceptors();
  silent_.emplace(reactor_, patience, TimeOut{});
  for (Connection& connection : connections_) {
    if (connection.idle()) await_request(connection);
  }
  if (connections_.empty()) drained_.unpark();
}

void Server::wait_until_drained() {
  while (!draining_ || !connections_.empty()) drained_.park_until();
}

}  // namespace http
