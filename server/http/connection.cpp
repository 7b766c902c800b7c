#include "http/connection.hpp"

#include <array>
#include <new>
#include <string_view>

#include "base/log.hpp"
#include "http/head_parser.hpp"
#include "http/server.hpp"
#include "runtime/spawn.hpp"

namespace http {
namespace {

// How long a client that is to be cut off is listened to: closing on bytes that have not been read
// resets the connection, and the client may lose the answer with it (RFC 9112 section 9.6).
constexpr runtime::Duration kLingerTime = std::chrono::seconds(2);

}  // namespace

Connection::Connection(Server& server, base::UniqueFd&& socket)
    : server_(server), stream_(server.reactor(), std::move(socket), this), input_(server.blocks()) {}

void Connection::on_readable() {
  if (serving_) return;  // the fiber looks again before it ends
  try {
    while (stream_.watch().readable()) {
      const auto result = stream_.try_read(input_.room());
      if (result.error == std::errc::operation_would_block) break;
      if (result.error || result.size == 0) return server_.close(*this);
      const bool first = input_.empty();
      input_.filled(result.size);
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

void Connection::start_serving() {
  server_.stop_waiting(*this);
  try {
    runtime::spawn(server_.stacks(), [this] { run(); });
    serving_ = true;
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
  if (goes_on) {
    await_request();
  } else {
    server_.close(*this);
  }
}

bool Connection::serve() {
  Exchange exchange(stream_, input_, server_.limits(), server_.draining());
  try {
    while (scanned_.head_size > 0) {
      if (!serve_one(exchange, scanned_.head_size)) return false;
      scanner_.restart();
      scanned_ = scanner_.scan(input_.unread(), server_.limits());
    }
    if (!scanned_.refusal) return true;
    exchange.head.clear();  // the one before, which is gone
    refuse(exchange, *scanned_.refusal);
  } catch (const std::bad_alloc&) {
    base::log_error("A request fails: there is no memory for it");
    give_up(exchange);
  }
  return false;
}

bool Connection::serve_one(Exchange& exchange, std::size_t head_size) {
  exchange.head.clear();
  exchange.response.begin(exchange.head);  // the answer is not begun, whatever becomes of the head
  if (const auto refusal = parse_head(input_.unread().substr(0, head_size), exchange.head)) {
    refuse(exchange, *refusal);
    return false;
  }
  input_.consume(head_size);
  exchange.body.begin(exchange.head);
  exchange.response.begin(exchange.head);
  if (server_.limits().keep_alive == runtime::Duration::zero()) exchange.response.close_after();
  if (exchange.head.content_length > server_.limits().request_body) {
    refuse(exchange, {413, "The request's body is too long."});
    return false;
  }

  server_.service().serve(exchange);

  ResponseWriter& response = exchange.response;
  if (!response.was_cut()) response.finish();
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
  answer_with_text(exchange, refusal.status, refusal.reason);
  linger();
}

// Where there was no memory for the answer.
void Connection::give_up(const Exchange& exchange) {
  if (exchange.response.begun()) return stream_.reset_at_close();
  write_at_once("503 Service Unavailable");
  linger();
}

// Closes in order: says that nothing more will come, then waits for the client to do the same.
void Connection::linger() {
  stream_.shut_down_writing();
  const auto deadline = runtime::Clock::now() + kLingerTime;
  std::array<char, 4096> nowhere;
  while (runtime::Clock::now() < deadline) {
    const auto result = stream_.read(nowhere, deadline);
    if (result.error || result.size == 0) return;
  }
}

void Connection::await_request() {
  serving_ = false;
  if (input_.empty()) {
    input_.release();
    server_.await_request(*this);
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
  if (!input_.empty()) return refuse_at_once("408 Request Timeout");  // it has begun to ask
  server_.close(*this);
}

// Ends the connection.
void Connection::refuse_at_once(std::string_view status) {
  write_at_once(status);
  server_.close(*this);
}

// Without a fiber, or memory, the answer goes out at once or not at all.
void Connection::write_at_once(std::string_view status) {
  constexpr std::string_view kBefore = "HTTP/1.1 ";
  constexpr std::string_view kAfter =
      "\r\nServer: appserver\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  const auto piece = [](std::string_view text) { return iovec{const_cast<char*>(text.data()), text.size()}; };
  const std::array pieces = {piece(kBefore), piece(status), piece(kAfter)};
  stream_.try_write(pieces);
}

}  // namespace http
