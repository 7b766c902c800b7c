#include "http/connection.hpp"

#include <array>
#include <new>
#include <string_view>
#include <utility>

#include "base/log.hpp"
#include "base/rarely.hpp"
#include "http/date.hpp"
#include "http/head_parser.hpp"
#include "http/request_log.hpp"
#include "http/server.hpp"
#include "runtime/spawn.hpp"

namespace http {
namespace {

// How long a client that is to be cut off is listened to: closing on bytes that have not been read
// resets the connection, and the client may lose the answer with it (RFC 9112 section 9.6).
constexpr runtime::Duration kLingerTime = std::chrono::seconds(2);

// Lets the reactor see the exchange of a fiber for as long as this stands.
class Shown {
 public:
  // Not inline: GCC 12 takes what it does for a pointer that is left dangling.
  [[gnu::noinline]] Shown(Exchange*& to, Exchange& exchange) : to_(to) { to_ = &exchange; }
  ~Shown() { to_ = nullptr; }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

 private:
  Exchange*& to_;
};

}  // namespace

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
// reset, and the other has to bear an interim response (RFC 9110 section 15.2; not in HTTP/1.0).
void Connection::probe_client() {
  if (!exchange_ || !exchange_->client_observer) return;
  if (stream_.watch().broken()) return look_after_client();
  if (exchange_->response.begun() || exchange_->head.minor_version == 0) return;
  char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
  const iovec piece{text, sizeof text - 1};
  stream_.try_write({&piece, 1});
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

void Connection::run() noexcept {
  bool goes_on = false;
  try {
    goes_on = serve();
  } catch (const std::exception& error) {
    base::log_error("A connection is closed: ", error.what());
  }
  end_turn();
  if (goes_on) {
    go_on();
  } else {
    server_.close(*this);
  }
}

bool Connection::serve() {
  Exchange exchange(stream_, input_, server_.limits(), server_.compression(), server_.draining(), peer_,
                    server_.proxies());
  const Shown shown(exchange_, exchange);
  try {
    while (scanned_.head_size > 0) {
      if (!serve_one(exchange, scanned_.head_size)) return false;
      scanner_.restart();
      scanned_ = scanner_.scan(input_.unread(), server_.limits());
      if (server_.others_wait()) break;
    }
    if (scanned_.head_size > 0 || !scanned_.refusal) return true;
    exchange.restart(input_.unread());
    refuse(exchange, *scanned_.refusal);
  } catch (const std::bad_alloc&) {
    base::log_error("A request fails: there is no memory for it");
    give_up(exchange);
  }
  return false;
}

bool Connection::serve_one(Exchange& exchange, std::size_t head_size) {
  exchange.restart(input_.unread().substr(0, head_size));
  if (server_.request_log()) exchange.received = runtime::Clock::now();
  exchange.response.begin(exchange.head);  // the answer is not begun, whatever becomes of the head
  if (const auto refusal = parse_head(exchange.text, exchange.head)) {
    exchange.head.fields.clear();  // some may be missing, a proxy's among them
    refuse(exchange, *refusal);
    return false;
  }
  input_.consume(head_size);
  exchange.body.begin(exchange.head);
  exchange.response.begin(exchange.head);
  if (server_.limits().keep_alive == runtime::Duration::zero()) exchange.response.close_after();
  if (stream_.watch().hung_up()) server_.suspect(*this);
  server_.service().serve(exchange);

  ResponseWriter& response = exchange.response;
  if (!response.was_cut()) response.finish();
  log(exchange, response.begun() ? response.status() : kClientGone);
  if (response.was_cut()) {
    // The end of the connection may be the end of the body: only a reset says that there was more to come.
    stream_.reset_at_close();
    return false;
  }
  if (!response.closes() && exchange.body.finish()) return true;
  // A client that asked for the end, and has sent all it had to, need not be waited for.
  const bool asked_to_close = !exchange.head.keep_alive;
  const bool more_has_come = !input_.empty() || stream_.watch().readable();
  if (!asked_to_close || !exchange.body.at_end() || more_has_come) linger();
  return false;
}

void Connection::refuse(Exchange& exchange, const Refusal& refusal) {
  exchange.response.begin(exchange.head);
  exchange.response.close_after();
  if (refusal.status == 503) exchange.response.add_field("Retry-After", "1");
  answer_with_text(exchange, refusal.status, refusal.reason);
  log(exchange, refusal.status);
  linger();
}

// Where there was no memory for the answer.
void Connection::give_up(Exchange& exchange) {
  if (exchange.response.begun()) return stream_.reset_at_close();
  write_at_once("503 Service Unavailable");
  log(exchange, 503);
  linger();
}

void Connection::end_turn() noexcept {
  if (std::exchange(has_turn_, false)) server_.end_turn();
}

// Closes in order: says that nothing more will come, then waits for the client to do the same.
void Connection::linger() {
  end_turn();
  stream_.shut_down_writing();
  const auto deadline = runtime::Clock::now() + kLingerTime;
  std::array<char, 4096> nowhere;
  while (runtime::Clock::now() < deadline) {
    const auto result = stream_.read(nowhere, deadline);
    if (result.error || result.size == 0) return;
  }
}

void Connection::go_on() {
  state_ = State::reading;
  if (input_.empty()) {
    input_.release();
    server_.await_request(*this);
  } else if (scanned_.head_size > 0) {
    return start_serving();  // others first
  } else {
    server_.await_head(*this);
  }
  // What came while the fiber was at work brought its edge then.
  if (stream_.watch().readable()) on_readable();
}

void Connection::time_out() {
  // Where the loop was held up, what came in time has not been heard of yet.
  if (stream_.has_unread()) {
    server_.await_head(*this);
    stream_.watch().presume_readable();
    return on_readable();
  }
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
