#include "master/worker_process.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <utility>

namespace master {

WorkerProcess::WorkerProcess(Identity identity, base::UniqueFd channel, const config::Settings& settings,
                             base::TimePoint now)
    : identity_(identity),
      boot_timeout_(settings.boot_timeout),
      graceful_timeout_(settings.graceful_timeout),
      channel_(std::move(channel)),
      deadline_(now + boot_timeout_) {}

std::optional<observe::WorkerReport> WorkerProcess::hear() {
  if (channel_ended_) return std::nullopt;
  // A stream that ends without a report says too little: the exit status that follows says why.
  return observe::receive_report(channel_.get(), heard_, channel_ended_);
}

bool WorkerProcess::tell(observe::Order order) const {
  // MSG_DONTWAIT: a worker that does not read must not hold up the master.
  return ::send(channel_.get(), &order, sizeof order, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof order;
}

void WorkerProcess::serve(base::TimePoint now) {
  state_ = State::serving;
  serving_since_ = now;
  deadline_ = base::kNever;
}

void WorkerProcess::drain(base::TimePoint now) {
  state_ = State::draining;
  deadline_ = now + graceful_timeout_;
  if (!tell(observe::Order::retire)) send(SIGTERM);
}

void WorkerProcess::drain_at_stop(base::TimePoint now) {
  if (state_ != State::draining) deadline_ = now + graceful_timeout_;
  state_ = State::draining;
  send(SIGTERM);
}

void WorkerProcess::end(int signal, base::TimePoint kill_at) {
  expect_exit(kill_at);
  send(signal);
}

void WorkerProcess::expect_exit(base::TimePoint kill_at) {
  state_ = State::ending;
  deadline_ = kill_at;
}

void WorkerProcess::kill() {
  state_ = State::killed;
  deadline_ = base::kNever;
  send(SIGKILL);
}

base::Duration WorkerProcess::served(base::TimePoint now) const {
  return serving_since_ ? now - *serving_since_ : base::Duration::zero();
}

bool WorkerProcess::was_told(int wait_status) const {
  if (WIFSIGNALED(wait_status)) return WTERMSIG(wait_status) == last_signal_;
  return WEXITSTATUS(wait_status) == 0 || state_ == State::ending || state_ == State::killed;
}

void WorkerProcess::send(int signal) {
  last_signal_ = signal;
  ::kill(identity_.pid, signal);
}

}  // namespace master
