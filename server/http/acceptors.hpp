// Takes connections from the listeners' queues, which all workers share: no more than there is room for, and
// taking turns with the other workers. Part of the Server.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "runtime/clock.hpp"
#include "runtime/reactor.hpp"

namespace http {

class Server;

class Acceptors {
 public:
  Acceptors(runtime::Reactor& reactor, Server& server);
  ~Acceptors();
  Acceptors(const Acceptors&) = delete;
  Acceptors& operator=(const Acceptors&) = delete;

  // Accepts from `listener` from now on, a non-blocking listening socket that outlives this.
  void listen(int listener);

  // Looks again whether the server has room.
  void update();

  // Takes what is in the queues now, and nothing after that.
  void take_last();

 private:
  struct Acceptor;
  void accept_from(int listener);
  void note_lost_race();
  void pause(runtime::Duration time);

  runtime::Reactor& reactor_;
  Server& server_;

  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  bool ended_ = false;
  bool paused_ = false;
  bool short_ = false;  // of descriptors, as the log knows
  boost::asio::steady_timer resume_;
  int turn_ = 0;                         // connections taken since the last pause
  runtime::TimePoint last_lost_race_{};  // zero: none
};

}  // namespace http
