// One client's connection. Idle, it is this object and a registration with the reactor: no fiber, no stack,
// no buffer. A request whose head has come whole gets a fiber when it is its turn, which answers it and those
// that are pipelined behind it, and ends. Owned by the Server.
#pragma once

#include <boost/intrusive/list.hpp>
#include <string_view>

#include "base/unique_fd.hpp"
#include "http/exchange.hpp"
#include "http/head_scanner.hpp"
#include "http/input_buffer.hpp"
#include "net/peer.hpp"
#include "runtime/stream.hpp"
#include "runtime/timeout_list.hpp"

namespace http {

class Server;

class Connection final : public runtime::ReadinessObserver,
                         public runtime::TimeoutHook,
                         public boost::intrusive::list_base_hook<boost::intrusive::tag<Server>> {
 public:
  // Throws std::system_error where the reactor can't watch the socket, and leaves that to the caller.
  Connection(Server& server, base::UniqueFd&& socket, const net::Peer& peer);

  // Whether no request is being read or answered.
  bool idle() const { return state_ == State::reading && input_.empty(); }

  // For the server; all in the reactor. The time for the next request, or for the rest of its head, is up.
  void time_out();

  // Others are to have its place: ends it, unless its client has just said more.
  void make_room();

  // It is this one's turn to be served, or would have been in time.
  void serve_in_turn();
  void miss_turn();

  // The client has closed its side a while ago, and its answer has not been begun: perhaps it is gone.
  void probe_client();

 private:
  enum class State {
    reading,  // for a request, or the rest of its head
    queued,   // its head is whole, and waits for its turn
    serving,  // a fiber has it
  };

  // In the reactor.
  void on_readable() override;
  void read_head();
  void look_after_client();
  bool has_said_more();
  bool take_proxy_header();
  void turn_away(std::string_view why);
  void start_serving();
  void start_fiber();
  void refuse_at_once(std::string_view status);

  // On the fiber. Those that return bool tell whether the connection goes on.
  void run() noexcept;
  bool serve();
  bool serve_one(Exchange& exchange, std::size_t head_size);
  void refuse(Exchange& exchange, const Refusal& refusal);
  void give_up(Exchange& exchange);
  void linger();
  void go_on();

  // In either.
  void end_turn() noexcept;
  void write_at_once(std::string_view status);
  void log(Exchange& exchange, int status);

  Server& server_;
  runtime::Stream stream_;
  InputBuffer input_;
  net::Peer peer_;             // a PROXY header may name another than the socket's
  bool proxy_header_awaited_;  // before all else

  HeadScanner scanner_;
  HeadScanner::Result scanned_;
  State state_ = State::reading;
  bool has_turn_ = false;
  Exchange* exchange_ = nullptr;  // the fiber's, while it serves
};

}  // namespace http
