#include "http/server.hpp"

#include <exception>
#include <memory>
#include <utility>

#include "base/log.hpp"

namespace http {

Server::Server(runtime::Reactor& reactor, runtime::StackPool& stacks, Service& service, const Limits& limits)
    : reactor_(reactor),
      stacks_(stacks),
      service_(service),
      limits_(limits),
      idle_(reactor, limits.keep_alive, TimeOut{}),
      heads_(reactor, limits.header_timeout, TimeOut{}),
      acceptors_(reactor, *this) {}

Server::~Server() {
  connections_.clear_and_dispose([](Connection* connection) { delete connection; });
}

void Server::listen(int listener) { acceptors_.listen(listener); }

void Server::add(base::UniqueFd socket) {
  try {
    auto connection = std::make_unique<Connection>(*this, std::move(socket));
    connections_.push_back(*connection);
    await_head(*connection.release());
  } catch (const std::exception& error) {
    base::log_warning("A connection is closed: ", error.what());
  }
}

void Server::close(Connection& connection) {
  connections_.erase(connections_.iterator_to(connection));
  delete &connection;
  if (connections_.size() + 1 == limits_.connections) acceptors_.update();
  if (draining_ && connections_.empty()) drained_.unpark();
}

void Server::drain(runtime::Duration patience) {
  if (!draining_) acceptors_.take_last();
  draining_ = true;
  if (patience < patience_) {
    patience_ = patience;
    idle_.restart(patience);
    for (Connection& connection : connections_) {
      if (connection.idle()) await_request(connection);
    }
  }
  if (connections_.empty()) drained_.unpark();
}

void Server::wait_until_drained() {
  while (!draining_ || !connections_.empty()) drained_.park_until();
}

}  // namespace http
