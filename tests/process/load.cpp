#include "load.hpp"

#include <optional>

Load::Load(const Address& address, const std::string& target, int clients) {
  for (int i = 0; i < clients; ++i) clients_.emplace_back([=, this] { run(address, target); });
}

Load::~Load() { stop(); }

Load::Tally Load::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (std::thread& client : clients_) client.join();
  clients_.clear();
  return tally_;
}

// Whether to go on.
bool Load::note(const Answer& answer) {
  const std::lock_guard lock(mutex_);
  if (answer.status == 200)
    ++tally_.answered;
  else
    tally_.failures.push_back("status " + std::to_string(answer.status));
  more_.notify_all();
  return !stopping_;
}

void Load::run(const Address& address, const std::string& target) {
  std::optional<HttpClient> connection;
  for (bool go_on = true; go_on;) {
    try {
      if (!connection) connection.emplace(address);
      const Answer answer = connection->get(target);
      if (answer.header("connection") == "close") connection.reset();
      go_on = note(answer);
    } catch (const std::exception& error) {
      connection.reset();
      const std::lock_guard lock(mutex_);
      tally_.failures.emplace_back(error.what());
      more_.notify_all();
      go_on = false;  // the test has failed already
    }
  }
}

void Load::wait_for_answers(std::size_t count, Deadline deadline) {
  std::unique_lock lock(mutex_);
  const std::size_t goal = tally_.answered + count;
  const bool in_time = more_.wait_until(lock, deadline.end(), [&] {
    return tally_.answered >= goal || tally_.failures.size() == clients_.size();
  });
  if (!in_time) throw std::runtime_error("the load was not answered in time");
}
