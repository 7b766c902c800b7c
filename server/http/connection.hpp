// One client's connection. Idle, it is this object and a registration with the reactor: no fiber, no stack,
// no buffer. A request whose head has come whole gets a fiber, which answers it and those that are
// pipelined behind it, and ends. Owned by the Server.
#pragma once

#include <boost/intrusive/list.hpp>
#include <string_view>

#include "base/unique_fd.hpp"
#include "http/exchange.hpp"
#include "http/head_scanner.hpp"
#include "http/input_buffer.hpp"
#include "runtime/stream.hpp"
#include "runtime/timeout_list.hpp"

namespace http {

class Server;

class Connection final : public runtime::ReadinessObserver,
                         public runtime::TimeoutHook,
                         public boost::intrusive::list_base_hook<boost::intrusive::tag<Server>> {
 public:
  // Throws std::system_error where the reactor can't watch the socket, and leaves that to the caller.
  Connection(Server& server, base::UniqueFd&& socket);

  // Whether no request is being read or answered.
  bool idle() const { return !serving_ && input_.empty(); }

  // The time for the next request, or for the rest of its head, is up. In the reactor; ends the connection.
  void time_out();

 private:
  // In the reactor.
  void on_readable() override;
  void start_serving();
  void refuse_at_once(std::string_view status);

  // On the fiber. Those that return bool tell whether the connection goes on.
  void run() noexcept;
  bool serve();
  bool serve_one(Exchange& exchange, std::size_t head_size);
  void refuse(Exchange& exchange, const Refusal& refusal);
  void give_up(const Exchange& exchange);
  void linger();
  void await_request();

  // In either.
  void write_at_once(std::string_view status);

  Server& server_;
  runtime::Stream stream_;
  InputBuffer input_;

  HeadScanner scanner_;
  HeadScanner::Result scanned_;
  bool serving_ = false;
};

}  // namespace http
