#include "http/connection.hpp"

#include <array>
#include <new>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "base/rarely.hpp"
#include "http/date.hpp"
#include "http/request_log.hpp"
#include "http/server.hpp"
#include "runtime/spawn.hpp"

namespace http {

Connection::Connection(Server& server, base::UniqueFd&& socket, const net::Peer& peer)
    : server_(server),
      stream_(server.reactor(), std::move(socket), this),
      input_(server.blocks()),
      peer_(peer),
      proxy_header_awaited_(server.proxies().protocol != net::ProxyProtocol::off) {}

void Connection::on_readable() {
  switch (state_) {
    case State::reading:
      return read_head();
    case State::queued:
      if (stream_.watch().broken()) server_.close(*this);
      return;
    case State::serving:
      return look_after_client();  // the fiber reads on before it ends
  }
}

void Connection::read_head() {
  try {
    while (stream_.watch().readable()) {
      const auto result = stream_.try_read(input_.room());
      if (result.error == std::errc::operation_would_block) break;
      if (result.error || result.size == 0) return server_.close(*this);
      const bool first = input_.empty();
      input_.filled(result.size);
      if (proxy_header_awaited_) {
        if (!take_proxy_header()) return;
        if (proxy_header_awaited_) continue;
      }
      scanned_ = scanner_.scan(input_.unread(), server_.limits());
      if (scanned_.head_size > 0 || scanned_.refusal) return start_serving();
      if (first) server_.await_head(*this);
    }
    if (input_.empty()) input_.release();
  } catch (const std::bad_alloc&) {
    base::log_error("A request is refused: there is no memory for it");
    refuse_at_once("503 Service Unavailable");
  }
}

// What comes from a client whose request is answered is for later; that it leaves is not.
void Connection::look_after_client() {
  if (!exchange_ || !exchange_->client_observer) return;
  if (stream_.watch().broken()) {
    exchange_->client_observer->on_client_gone();
  } else if (stream_.watch().hung_up()) {
    server_.suspect(*this);
  }
}

// By a FIN alone nobody can tell a client that has closed its connection from one that has only said all it
// has to say, and waits for the answer (RFC 9112 section 9.6). But what is sent to the one is answered by a
// reset, and the other has to bear an interim response (RFC 9110 section 15.2). Not so in HTTP/1.0: there a
// FIN is an end, as proxies that speak it mean it (nginx, unless it is told otherwise).
void Connection::probe_client() {
  if (!exchange_ || !exchange_->client_observer) return;
  if (stream_.watch().broken()) return look_after_client();
  if (exchange_->response.begun()) return;  // what is written next tells
  if (exchange_->head.minor_version == 0) return exchange_->client_observer->on_client_gone();
  char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  const iovec piece{text, sizeof text - 1};
  const auto sent = stream_.try_write({&piece, 1});
  if (sent.size > 0 && sent.size < piece.iov_len) exchange_->response.cut();
}

// False: the connection is closed.
bool Connection::take_proxy_header() {
  const Proxies& proxies = server_.proxies();
  // A stranger could name any client in it.
  if (!proxies.trusted.contains(peer_)) return turn_away("it is none of --forwarded-allow-ips"), false;
  const net::ProxyHeader header = net::read_proxy_header(input_.unread(), proxies.protocol);
  if (!header.fault.empty()) return turn_away(header.fault), false;
  if (header.size == 0) return true;
  input_.consume(header.size);
  if (header.source) peer_ = *header.source;
  proxy_header_awaited_ = false;
  return true;
}

// What comes before HTTP is wrong: there is no answer to give.
void Connection::turn_away(std::string_view why) {
  static base::Rarely lines;
  if (const auto end = lines.turn()) {
    base::log_warning("A connection from ", peer_.text(), " is closed: ", why, *end);
  }
  server_.close(*this);
}

void Connection::start_serving() {
  server_.stop_waiting(*this);
  if (scanned_.refusal) return start_fiber();
  if (server_.take_turn()) {
    has_turn_ = true;
    return start_fiber();
  }
  if (server_.service().is_urgent(input_.unread())) return start_fiber();
  state_ = State::queued;
  server_.await_turn(*this);
}

void Connection::serve_in_turn() {
  has_turn_ = true;
  start_fiber();
}

void Connection::miss_turn() {
  scanned_ = {0, Refusal{503, "The server is busy: try again later."}};
  start_fiber();
}

void Connection::start_fiber() {
  state_ = State::serving;
  try {
    runtime::spawn(server_.stacks(), [this] { run(); });
  } catch (const std::bad_alloc&) {
    base::log_error("A request is refused: there is no memory for another stack");
    refuse_at_once("503 Service Unavailable");
  }
}

void Connection::end_turn() noexcept {
  if (std::exchange(has_turn_, false)) server_.end_turn();
}

// Its time is up; but where the loop was held up, what came in time has not been heard of yet.
bool Connection::has_said_more() {
  if (!stream_.has_unread()) return false;
  server_.await_head(*this);
  stream_.watch().presume_readable();
  on_readable();
  return true;
}

void Connection::make_room() {
  if (has_said_more()) return;
  if (input_.empty()) return server_.close(*this);
  refuse_at_once("503 Service Unavailable");
}

void Connection::time_out() {
  if (has_said_more()) return;
  if (input_.empty()) return server_.close(*this);
  if (proxy_header_awaited_) return turn_away("its PROXY header did not come in time");
  scanned_ = {0, Refusal{408, "The request did not come in time."}};
  start_serving();
}

// Ends the connection.
void Connection::refuse_at_once(std::string_view status) {
  write_at_once(status);
  end_turn();
  if (server_.request_log()) {
    Exchange exchange(stream_, input_, server_.limits(), server_.compression(), server_.draining(), peer_,
                      server_.proxies());
    exchange.restart(input_.unread());
    log(exchange, 503);
  }
  server_.close(*this);
}

void Connection::log(Exchange& exchange, int status) {
  if (RequestLog* const log = server_.request_log()) log->note(exchange, status);
}

// Without a fiber, or memory, the answer goes out at once or not at all.
void Connection::write_at_once(std::string_view status) {
  constexpr std::string_view kBefore = "HTTP/1.1 ";
  constexpr std::string_view kThen = "\r\nServer: appserver\r\nDate: ";
  constexpr std::string_view kAfter = "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  const auto piece = [](std::string_view text) { return iovec{const_cast<char*>(text.data()), text.size()}; };
  const std::array pieces = {piece(kBefore), piece(status), piece(kThen), piece(date_now()), piece(kAfter)};
  stream_.try_write(pieces);
}

}  // namespace http
