// A worker's connections: keeps count and time of them, and drains them. One a worker.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>

#include "http/acceptors.hpp"
#include "http/compression.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/input_buffer.hpp"
#include "http/limits.hpp"
#include "http/proxies.hpp"
#include "http/request_log.hpp"
#include "runtime/parking.hpp"
#include "runtime/reactor.hpp"
#include "runtime/stack_pool.hpp"
#include "runtime/timeout_list.hpp"

namespace http {

class Server {
 public:
  // `log` may be null.
  Server(runtime::Reactor& reactor, runtime::StackPool& stacks, Service& service, const Limits& limits,
         Compression compression, const Proxies& proxies, RequestLog* log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Accepts connections from `listener`, a non-blocking listening socket that outlives this.
  void listen(int listener);

  // Accepts no more from `listener`; who is in its queue stays there, for whoever has the socket.
  void leave(int listener) { acceptors_.leave(listener); }

  // Takes what is in the listeners' queues and accepts no more; with a `last_call`, as nobody else will, goes
  // on accepting for that time and until the queues are empty. Requests in flight are answered; one that
  // comes later on a kept-alive connection is answered too, and closes it. A connection that stays silent is
  // closed after `patience`. Called again, it can only hurry.
  void drain(runtime::Duration patience, runtime::Duration last_call = runtime::Duration::zero());

  // Suspends the calling fiber until drain() has been called and the last connection has been accepted; has
  // gone.
  void wait_until_last_accepted();
  void wait_until_drained();

  // For the connections.
  runtime::Reactor& reactor() { return reactor_; }
  runtime::StackPool& stacks() { return stacks_; }
  BlockPool& blocks() { return blocks_; }
  Service& service() { return service_; }
  const Limits& limits() const { return limits_; }
  Compression& compression() { return compression_; }
  const Proxies& proxies() const { return proxies_; }
  RequestLog* request_log() const { return log_; }
  const bool& draining() const { return draining_; }
  void await_request(Connection& connection) { idle_.start(connection); }
  void await_head(Connection& connection) { heads_.start(connection); }
  void stop_waiting(Connection& connection) { idle_.stop(connection); }
  void suspect(Connection& connection) { suspects_.start(connection); }
  void close(Connection& connection);

  // The turns of --max-concurrent-requests: whether there is one to take; else it comes by serve_in_turn(),
  // or the time is up and miss_turn() is called. The first to wait is the first to be served.
  bool take_turn() noexcept;
  void await_turn(Connection& connection) { queue_.start(connection); }
  bool others_wait() const { return !queue_.empty(); }
  void end_turn() noexcept;

  // For the acceptors.
  bool has_room() const { return connections_.size() < limits_.connections; }
  // Closes a connection if there is no room: one that is idle, or else one whose client is at its head, the
  // one that has been so for longest. False where each is being served.
  bool make_room() noexcept;
  void add(base::UniqueFd socket, const net::Peer& peer) noexcept;
  void note_last_accepted() noexcept { progress_.unpark(); }

 private:
  void note_full() noexcept;

  runtime::Reactor& reactor_;
  runtime::StackPool& stacks_;
  Service& service_;
  const Limits limits_;
  Compression compression_;
  const Proxies proxies_;
  RequestLog* const log_;
  BlockPool blocks_;

  template <void (Connection::*expired)()>
  struct Calls {
    void operator()(Connection& connection) const { (connection.*expired)(); }
  };
  template <void (Connection::*expired)()>
  using Timeouts = runtime::TimeoutList<Connection, Calls<expired>>;
  Timeouts<&Connection::time_out> idle_;          // connections that wait for a request
  Timeouts<&Connection::time_out> heads_;         // that wait for the rest of a head
  Timeouts<&Connection::miss_turn> queue_;        // that wait for a turn
  Timeouts<&Connection::probe_client> suspects_;  // whose clients may be gone

  std::size_t turns_taken_ = 0;
  bool handing_out_turns_ = false;

  Acceptors acceptors_;
  boost::intrusive::list<Connection, boost::intrusive::base_hook<
                                         boost::intrusive::list_base_hook<boost::intrusive::tag<Server>>>>
      connections_;
  bool draining_ = false;
  runtime::Duration patience_ = runtime::Duration::max();  // with silent connections, in a drain
  runtime::ParkingSpot progress_;
};

}  // namespace http
