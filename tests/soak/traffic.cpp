#include "traffic.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <system_error>

using namespace std::chrono_literals;

namespace {

// The listener is gone, and a unix socket's file with it.
bool is_refusal(const std::system_error& error) {
  return error.code().value() == ECONNREFUSED || error.code().value() == ENOENT;
}

std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n"; }

}  // namespace

// One client. Each kind is a function that does one exchange.
class Traffic::Client {
 public:
  Client(Traffic& traffic, const Address& address, std::size_t kind)
      : traffic_(traffic), address_(address), kind_(kind), random_(kind) {}

  static constexpr std::size_t kKinds = 7, kAfresh = 6;

  void exchange() {
    static constexpr std::array<void (Client::*)(), kKinds> kExchanges = {
        &Client::ask,           &Client::ask_now_and_then, &Client::ask_many_at_once, &Client::ask_slowly,
        &Client::submit_slowly, &Client::ask_for_much,     &Client::ask_afresh};
    (this->*kExchanges[kind_])();
  }

 private:
  void ask() {
    connect_if_needed();
    connection_->send(get("/users/ann"));
    take(200, "user ann");
  }

  void ask_now_and_then() {
    pause(300ms);
    ask();
  }

  void ask_many_at_once() {
    constexpr int kAtOnce = 8;
    connect_if_needed();
    std::string requests;
    for (int i = 0; i < kAtOnce; ++i) requests += get("/users/" + std::to_string(i));
    connection_->send(requests);
    for (int i = 0; i < kAtOnce; ++i) {
      if (connection_) {
        take(200, "user " + std::to_string(i));
      } else {
        ++traffic_.asked_again_;
      }
    }
  }

  // The two that are slow begin on a fresh connection, so that no end of a silent one can be meant for them.
  void ask_slowly() {
    connection_.emplace(address_);
    send_slowly(get("/users/slow"));
    take(200, "user slow");
  }

  void submit_slowly() {
    connection_.emplace(address_);
    const std::string body(60, 'x');
    connection_->send("POST /submit HTTP/1.1\r\nHost: test\r\nContent-Length: 60\r\n\r\n");
    send_slowly(body);
    take(201, "submitted " + body);
  }

  void ask_for_much() {
    connect_if_needed();
    connection_->send(get("/count?to=3000"));
    const std::string& body = take(200).body;
    if (!body.ends_with("\n3000\n")) throw CutOff("a long answer ends early");
    pause(20ms);
  }

  void ask_afresh() {
    connection_.emplace(address_);
    ask();
  }

  void connect_if_needed() {
    if (!connection_) connection_.emplace(address_);
  }

  void send_slowly(std::string_view bytes) {
    constexpr std::size_t kPiece = 10;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
      connection_->send(bytes.substr(0, kPiece));
      pause(30ms);
    }
  }

  Answer take(int status, const std::string& body = {}) {
    Answer answer = connection_->receive();
    if (answer.status != status || (!body.empty() && answer.body != body)) {
      throw std::runtime_error("a wrong answer: " + std::to_string(answer.status) + " " + answer.body);
    }
    if (answer.header("connection") == "close") connection_.reset();
    ++traffic_.answered_;
    return answer;
  }

  void pause(std::chrono::milliseconds most) {
    std::this_thread::sleep_for(most * std::uniform_real_distribution<>()(random_));
  }

  Traffic& traffic_;
  const Address& address_;
  const std::size_t kind_;
  std::optional<HttpClient> connection_;
  std::minstd_rand random_;
};

Traffic::Traffic(const std::vector<Address>& addresses, int more_afresh) {
  for (const Address& address : addresses) {
    const auto start = [&](std::size_t kind) {
      clients_.emplace_back([this, kind, address] { run(kind, address); });
    };
    for (std::size_t kind = 0; kind < Client::kKinds; ++kind) start(kind);
    for (int more = 0; more < more_afresh; ++more) start(Client::kAfresh);
  }
}

Traffic::~Traffic() {
  failed_ = true;
  for (std::thread& client : clients_) client.join();
}

void Traffic::run(std::size_t kind, const Address& address) {
  Client client(*this, address, kind);
  while (!failed_) {
    try {
      client.exchange();
    } catch (const std::system_error& error) {
      if (ending_ && is_refusal(error)) return;
      return fail("kind " + std::to_string(kind) + ": " + error.what());
    } catch (const std::exception& error) {
      return fail("kind " + std::to_string(kind) + ": " + error.what());
    }
  }
}

void Traffic::fail(const std::string& what) {
  failed_ = true;
  const std::lock_guard lock(mutex_);
  failures_.push_back(what);
}

void Traffic::wait_for_answers(std::size_t count, Deadline deadline) {
  const std::size_t goal = answered_ + count;
  while (answered_ < goal) {
    if (failed_) return;  // wait_for_end() tells
    if (deadline.milliseconds_left() == 0) throw std::runtime_error("the traffic was not answered in time");
    std::this_thread::sleep_for(1ms);
  }
}

Traffic::Tally Traffic::wait_for_end() {
  for (std::thread& client : clients_) client.join();
  clients_.clear();
  return {answered_, asked_again_, failures_};
}
