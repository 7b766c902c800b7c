#include "http/server.hpp"

#include <exception>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "base/rarely.hpp"

namespace http {
namespace {

// How long a client may have closed its side before it is asked whether it is still there: longer than most
// answers take, of which then none is preceded by a probe.
constexpr runtime::Duration kSuspicion = std::chrono::milliseconds(100);

}  // namespace

Server::Server(runtime::Reactor& reactor, runtime::StackPool& stacks, Service& service, const Limits& limits,
               Compression compression, const Proxies& proxies, RequestLog* log)
    : reactor_(reactor),
      stacks_(stacks),
      service_(service),
      limits_(limits),
      compression_(std::move(compression)),
      proxies_(proxies),
      log_(log),
      idle_(reactor, limits.keep_alive, {}),
      heads_(reactor, limits.header_timeout, {}),
      queue_(reactor, limits.queue_timeout, {}),
      suspects_(reactor, kSuspicion, {}),
      acceptors_(reactor, *this) {}

Server::~Server() {
  connections_.clear_and_dispose([](Connection* connection) { delete connection; });
}

void Server::listen(int listener) { acceptors_.listen(listener); }

void Server::add(base::UniqueFd socket, const net::Peer& peer) noexcept {
  try {
    Connection& connection = *std::make_unique<Connection>(*this, std::move(socket), peer).release();
    connections_.push_back(connection);
    draining_ ? await_request(connection) : await_head(connection);
  } catch (const std::exception& error) {
    acceptors_.turn_away(std::move(socket), error.what());
  }
}

bool Server::make_room() noexcept {
  constexpr int kMostTries = 64;  // some turn out to have said more
  for (int i = 0; i < kMostTries && !has_room(); ++i) {
    Connection* waiting = idle_.take_first();
    if (!waiting) waiting = heads_.take_first();
    if (!waiting) return false;
    waiting->make_room();
    note_full();
  }
  return has_room();
}

void Server::note_full() noexcept try {
  static base::Rarely lines;
  if (const auto end = lines.turn()) {
    base::log_warning("All ", limits_.connections,
                      " of --worker-connections are taken: those that wait for their ",
                      "clients are closed for new ones", *end);
  }
} catch (const std::bad_alloc&) {  // then it is said the next time
}

bool Server::take_turn() noexcept {
  if (limits_.requests != 0 && turns_taken_ >= limits_.requests) return false;
  ++turns_taken_;
  return true;
}

// One that gets a turn may end it at once, where it can't be served.
void Server::end_turn() noexcept {
  --turns_taken_;
  if (std::exchange(handing_out_turns_, true)) return;
  while (!queue_.empty() && take_turn()) queue_.take_first()->serve_in_turn();
  handing_out_turns_ = false;
}

void Server::close(Connection& connection) {
  connections_.erase(connections_.iterator_to(connection));
  delete &connection;
  if (connections_.size() + 1 == limits_.connections) acceptors_.update();
  if (draining_ && connections_.empty()) progress_.unpark();
}

void Server::drain(runtime::Duration patience, runtime::Duration last_call) {
  if (!draining_) last_call > last_call.zero() ? acceptors_.end_after(last_call) : acceptors_.end_now();
  draining_ = true;
  if (patience < patience_) {
    patience_ = patience;
    idle_.restart(patience);
    for (Connection& connection : connections_) {
      if (connection.idle()) await_request(connection);
    }
  }
  progress_.unpark();
}

void Server::wait_until_last_accepted() {
  while (!draining_ || !acceptors_.ended()) progress_.park_until();
}

void Server::wait_until_drained() {
  wait_until_last_accepted();
  while (!connections_.empty()) progress_.park_until();
}

}  // namespace http
