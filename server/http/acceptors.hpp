// Takes connections from the listeners' queues, which all workers share: no more than there is room for, and
// taking turns with the other workers. Where nobody has room, those that wait for their clients make it.
// Where the system has nothing left to take them with, it answers 503 by what is kept for that. Part of the
// Server.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/unique_fd.hpp"
#include "http/spares.hpp"
#include "runtime/clock.hpp"
#include "runtime/reactor.hpp"
#include "runtime/timer.hpp"

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
  void update() noexcept;

  // Accepts no more from `listener`; who is in its queue stays there, for whoever has the socket.
  void leave(int listener) noexcept;

  // Takes what is in the queues now, and nothing after that: others take it.
  void end_now() noexcept;

  // Goes on for `time`, and then until the queues are empty: nobody else takes what is in them.
  void end_after(runtime::Duration time) noexcept;

  // Whether no connection comes any more.
  bool ended() const { return ended_; }

  // Answers 503 to a connection that can't be served, for a shortage of what `what` says, and closes it.
  void turn_away(base::UniqueFd socket, const char* what) noexcept;

 private:
  struct Acceptor;
  enum class Taken { one, refused, vanished, none, nothing_to_take_it_with };

  void accept_from(int listener) noexcept;
  Taken take_from(int listener) noexcept;
  void replace_waiting() noexcept;
  void take_last() noexcept;
  void note_lost_race() noexcept;
  void pause(runtime::Duration time) noexcept;
  void note_shortage(const char* what) noexcept;
  void note_calm() noexcept;

  runtime::Reactor& reactor_;
  Server& server_;

  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  bool last_ = false;  // whose queue is empty ends
  bool ended_ = false;
  runtime::Timer last_call_;
  runtime::Timer full_;  // while there is no room

  bool paused_ = false;
  runtime::Timer resume_;
  int turn_ = 0;                         // connections taken since the last pause
  runtime::TimePoint last_lost_race_{};  // zero: none

  Spares spares_;
  bool short_ = false;  // of something, as the log knows
  std::size_t turned_away_ = 0;
  runtime::Timer calm_;
};

}  // namespace http
