// A connection while a fiber has it: its requests, one after another, and its end.
#include <array>
#include <new>
#include <utility>

#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/head_parser.hpp"
#include "http/request_log.hpp"
#include "http/server.hpp"

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
      if (!has_turn_ || server_.others_wait()) break;
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
  const bool more_has_come = !input_.empty() || stream_.watch().readable() || stream_.has_unread();
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
  if (exchange.response.begun()) {
    if (!exchange.response.ended()) return stream_.reset_at_close();
  } else {
    write_at_once("503 Service Unavailable");
    log(exchange, 503);
  }
  linger();
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

}  // namespace http
