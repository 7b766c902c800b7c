#include "http/acceptors.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "http/server.hpp"
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

// Out of descriptors, the queue stays readable: without a pause the loop would spin on it.
constexpr milliseconds kShortage{100};

base::UniqueFd accept(int listener) {
  return base::UniqueFd(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

}  // namespace

struct Acceptors::Acceptor final : runtime::ReadinessObserver {
  Acceptor(Acceptors& of, int fd) : acceptors(of), listener(fd) {}
  void on_readable() override { acceptors.accept_from(listener); }

  Acceptors& acceptors;
  const int listener;
  std::optional<runtime::Watch> watch;  // while it accepts
};

Acceptors::Acceptors(runtime::Reactor& reactor, Server& server)
    : reactor_(reactor), server_(server), resume_(reactor.io()) {}

Acceptors::~Acceptors() = default;

void Acceptors::listen(int listener) {
  acceptors_.push_back(std::make_unique<Acceptor>(*this, listener));
  update();
}

void Acceptors::update() {
  const bool accepting = !ended_ && !paused_ && server_.has_room();
  for (const auto& acceptor : acceptors_) {
    if (accepting == acceptor->watch.has_value()) continue;
    if (accepting) {
      acceptor->watch.emplace(reactor_, acceptor->listener, acceptor.get(), runtime::Watch::Trigger::level);
    } else {
      acceptor->watch.reset();
    }
  }
}

void Acceptors::accept_from(int listener) {
  for (int taken = 0; taken < kAtOnce && server_.has_room(); ++taken) {
    base::UniqueFd socket = accept(listener);
    if (socket) {
      server_.add(std::move(socket));
      short_ = false;
      ++turn_;
    } else if (errno == EAGAIN) {
      if (taken == 0) return note_lost_race();
      break;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      if (!std::exchange(short_, true)) {
        base::log_warning("Connections wait: ", std::strerror(errno), "; raise ulimit -n, or lower ",
                          "--worker-connections");
      }
      return pause(kShortage);
    }  // else this connection is gone already (accept(2), "Error handling")
  }
  if (turn_ >= kTurn && reactor_.now() - last_lost_race_ < kOfLate) return pause(kStandBack);
  update();
}

void Acceptors::note_lost_race() {
  last_lost_race_ = reactor_.now();
  pause(kStandBack);
}

void Acceptors::pause(runtime::Duration time) {
  turn_ = 0;
  paused_ = true;
  update();
  resume_.expires_after(time);
  resume_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    paused_ = false;
    update();
  });
}

void Acceptors::take_last() {
  for (const auto& acceptor : acceptors_) {
    while (server_.has_room()) {
      base::UniqueFd socket = accept(acceptor->listener);
      if (!socket) break;
      server_.add(std::move(socket));
    }
  }
  ended_ = true;
  update();
}

}  // namespace http
