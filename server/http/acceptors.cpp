#include "http/acceptors.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "http/server.hpp"
#include "net/peer.hpp"
#include "runtime/watch.hpp"

namespace http {
namespace {

using std::chrono::milliseconds;

// Connections taken at a time, before the reactor looks at what else there is to do.
constexpr int kAtOnce = 16;

// A connection wakes every worker that waits, and all but one wake for nothing. (Waking one alone, by
// EPOLLEXCLUSIVE, works only for a set that is waited on directly, and ours is inside Asio's.) Whoever comes
// too late therefore stays away for a moment: that halves the time in which 10,000 connections are taken.
constexpr milliseconds kStandBack{2};

// The winner would then take all that come: where others have tried of late, it leaves them a turn.
constexpr int kTurn = 64;
constexpr milliseconds kOfLate{100};

// In a shortage the queue stays readable: without a pause the loop would spin on it. It is also the least
// time that a connection which was turned away has for reading why.
constexpr milliseconds kShortage{100};

// With all its connections taken, a worker leaves those that come to the others; who is still there after so
// long has the place of one that waits for its client.
constexpr milliseconds kFull{10};

// A shortage is over when it has not been felt for so long; comings and goings at the limit are one.
constexpr milliseconds kCalm{5'000};

}  // namespace

struct Acceptors::Acceptor final : runtime::ReadinessObserver {
  Acceptor(Acceptors& of, int fd) : acceptors(of), listener(fd) {}
  void on_readable() override { acceptors.accept_from(listener); }

  Acceptors& acceptors;
  const int listener;
  std::optional<runtime::Watch> watch;  // while it accepts
};

Acceptors::Acceptors(runtime::Reactor& reactor, Server& server)
    : reactor_(reactor),
      server_(server),
      last_call_(reactor, [this] { take_last(); }),
      full_(reactor, [this] { replace_waiting(); }),
      resume_(reactor,
              [this] {
                paused_ = false;
                update();
              }),
      calm_(reactor, [this] { note_calm(); }) {}

Acceptors::~Acceptors() = default;

void Acceptors::listen(int listener) {
  acceptors_.push_back(std::make_unique<Acceptor>(*this, listener));
  update();
}

void Acceptors::update() noexcept {
  const bool accepting = !ended_ && !paused_ && server_.has_room();
  if (accepting && last_) return take_last();
  if (!ended_ && !server_.has_room() && !full_.runs()) full_.expire_after(kFull);
  for (const auto& acceptor : acceptors_) {
    if (accepting == acceptor->watch.has_value()) continue;
    try {
      if (accepting) {
        acceptor->watch.emplace(reactor_, acceptor->listener, acceptor.get(), runtime::Watch::Trigger::level);
      } else {
        acceptor->watch.reset();
      }
    } catch (const std::exception& error) {
      note_shortage(error.what());
      return pause(kShortage);
    }
  }
}

void Acceptors::accept_from(int listener) noexcept {
  bool refused = false;
  for (int taken = 0; taken < kAtOnce && server_.has_room(); ++taken) {
    const Taken what = take_from(listener);
    if (what == Taken::none && taken == 0) return note_lost_race();
    if (what == Taken::none) break;
    if (what == Taken::nothing_to_take_it_with) return pause(kShortage);
    if (what == Taken::refused) refused = true;
    if (what == Taken::one) ++turn_;
  }
  if (refused) return pause(kShortage);
  if (turn_ >= kTurn && reactor_.now() - last_lost_race_ < kOfLate) return pause(kStandBack);
  update();
}

Acceptors::Taken Acceptors::take_from(int listener) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  base::UniqueFd socket(
      ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket) {
    server_.add(std::move(socket), net::Peer::of(address));
    return Taken::one;
  }
  if (errno == EMFILE || errno == ENFILE) {
    note_shortage(std::strerror(errno));
    if (spares_.turn_away_from(listener)) {
      ++turned_away_;
      return Taken::refused;
    }
  }
  switch (errno) {
    case EAGAIN:
    case EBADF:
    case EINVAL:  // it no longer listens
      return Taken::none;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      note_shortage(std::strerror(errno));
      return Taken::nothing_to_take_it_with;
    default:  // this connection is gone already (accept(2), "Error handling")
      return Taken::vanished;
  }
}

void Acceptors::replace_waiting() noexcept {
  for (const auto& acceptor : acceptors_) {
    pollfd queue{acceptor->listener, POLLIN, 0};
    for (int taken = 0; taken<kAtOnce&& ::poll(&queue, 1, 0)> 0; ++taken) {
      if (!server_.make_room() || take_from(acceptor->listener) != Taken::one) break;
    }
  }
  update();
}

void Acceptors::note_lost_race() noexcept {
  last_lost_race_ = reactor_.now();
  pause(kStandBack);
}

void Acceptors::pause(runtime::Duration time) noexcept {
  turn_ = 0;
  paused_ = true;
  update();
  resume_.expire_after(time);
}

// --- the end ------------------------------------------------------------------------------------------

void Acceptors::leave(int listener) noexcept {
  std::erase_if(acceptors_, [=](const auto& acceptor) { return acceptor->listener == listener; });
}

void Acceptors::end_now() noexcept {
  last_ = true;
  if (server_.has_room()) take_last();
  acceptors_.clear();
  ended_ = true;
}

void Acceptors::end_after(runtime::Duration time) noexcept {
  if (acceptors_.empty()) ended_ = true;
  if (!ended_) last_call_.expire_after(time);
}

// The last call is over: each queue is taken until it is empty.
void Acceptors::take_last() noexcept {
  last_ = true;
  bool short_of_it = false;
  std::erase_if(acceptors_, [&](const auto& acceptor) {
    while (server_.has_room()) {
      const Taken what = take_from(acceptor->listener);
      if (what == Taken::none) return true;
      if (what == Taken::nothing_to_take_it_with) short_of_it = true;
      if (short_of_it) break;
    }
    acceptor->watch.reset();  // update() comes back
    return false;
  });
  if (short_of_it) return pause(kShortage);
  if (!acceptors_.empty()) return;
  ended_ = true;
  server_.note_last_accepted();
}

// --- shortages ----------------------------------------------------------------------------------------

void Acceptors::turn_away(base::UniqueFd socket, const char* what) noexcept {
  note_shortage(what);
  spares_.turn_away(std::move(socket));
  ++turned_away_;
}

void Acceptors::note_shortage(const char* what) noexcept {
  calm_.expire_after(kCalm);
  if (std::exchange(short_, true)) return;
  base::log_warning("Connections are answered with 503, or wait: ", what,
                    "; see ulimit -n and the machine's memory, or lower --worker-connections");
}

void Acceptors::note_calm() noexcept {
  short_ = false;
  spares_.refill();
  base::log_warning("Connections are accepted again; ", std::exchange(turned_away_, 0),
                    " were answered with 503");
}

}  // namespace http
