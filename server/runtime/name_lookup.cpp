#include "runtime/name_lookup.hpp"

#include <sys/socket.h>

#include <atomic>
#include <utility>

#include "runtime/remote_wake.hpp"

namespace runtime {
namespace {

Addresses ask(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return nullptr;
  return Addresses(found);
}

// A question to the name servers. It can take longer than its fiber waits, and must find nothing of the
// fiber's stack then: whoever of the two, the fiber and the thread, is done with it last deletes it.
class Lookup final : public ThreadPool::Job {
 public:
  Lookup(Reactor& reactor, std::string host, std::string port)
      : host_(std::move(host)), port_(std::move(port)), answered_(reactor) {}

  // Ends this. [worker, may suspend]
  Addresses wait_until(TimePoint deadline) {
    if (answered_.wait_until(deadline) == Wake::timed_out) {
      if (state_.exchange(State::given_up) == State::asked) return nullptr;
      answered_.wait_until();  // the wake is on its way
    }
    const std::unique_ptr<Lookup> ended(this);
    return std::move(found_);
  }

 private:
  enum class State { asked, answered, given_up };

  void work() noexcept override {
    if (state_ == State::asked) found_ = ask(host_, port_, 0);
    if (state_.exchange(State::answered) == State::given_up) {
      delete this;
    } else {
      answered_.wake();
    }
  }

  const std::string host_, port_;
  Addresses found_;
  std::atomic<State> state_ = State::asked;
  RemoteWake answered_;
};

}  // namespace

Addresses look_up(Reactor& reactor, ThreadPool& names, const std::string& host, std::uint16_t port,
                  TimePoint deadline) {
  if (host.empty()) return nullptr;  // which getaddrinfo would take for this machine
  if (Addresses numeric = ask(host, std::to_string(port), AI_NUMERICHOST)) return numeric;
  auto lookup = std::make_unique<Lookup>(reactor, host, std::to_string(port));
  names.start(*lookup);
  return lookup.release()->wait_until(deadline);
}

}  // namespace runtime
