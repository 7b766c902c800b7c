// One request and the answer to it, as a handler works on them. Lives on the stack of the fiber that serves
// its connection, and is used again for each request that the fiber serves.
#pragma once

#include <optional>

#include "http/body_reader.hpp"
#include "http/client.hpp"
#include "http/compression.hpp"
#include "http/input_buffer.hpp"
#include "http/limits.hpp"
#include "http/proxies.hpp"
#include "http/request_head.hpp"
#include "http/response_writer.hpp"
#include "net/peer.hpp"

namespace http {

// Told when the client has gone away while its request is answered: nobody will read the answer. In the
// reactor.
class ClientObserver {
 public:
  virtual void on_client_gone() noexcept = 0;

 protected:
  ~ClientObserver() = default;
};

struct Exchange {
  // `peer` is the other end of the connection.
  Exchange(runtime::Stream& stream, InputBuffer& input, const Limits& limits, Compression& compression,
           const bool& draining, const net::Peer& peer, const Proxies& proxies)
      : body(stream, input, limits),
        response(stream, body, limits, compression, draining),
        peer_(peer),
        proxies_(proxies) {}

  // Makes ready for the request whose head is, or begins with, `head_text`. That stays where it is until the
  // request has been answered.
  void restart(std::string_view head_text);

  // Who asks; worked out at the first call. Lives until restart().
  const Client& client();

  RequestHead head;
  BodyReader body;
  ResponseWriter response;
  ClientObserver* client_observer = nullptr;
  std::string_view text;        // of the head, as it came
  runtime::TimePoint received;  // when it was whole; where there is an access log

 private:
  const net::Peer& peer_;
  const Proxies& proxies_;
  std::optional<Client> client_;
};

// Answers with `status` and one line of plain text, unless an answer has been begun. [worker, may suspend]
void answer_with_text(Exchange& exchange, int status, std::string_view text);

// Who answers requests: the application, as a connection sees it. One a worker.
class Service {
 public:
  // Answers; called on the request's fiber. Must not throw. [worker, may suspend]
  virtual void serve(Exchange& exchange) = 0;

  // Whether the request with this head, as it came, is to go before those that wait for their turns. [worker]
  virtual bool is_urgent(std::string_view) const { return false; }

 protected:
  ~Service() = default;
};

}  // namespace http
