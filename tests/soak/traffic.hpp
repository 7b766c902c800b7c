// Clients of every kind at once, that ask without end and account for all they ask: over kept connections,
// with and without pauses, pipelined, with slow heads and slow bodies, for long answers, over fresh
// connections. A connection that was made must be served. A request that was begun must be answered, and in
// full, unless the server had said before that the connection ends: nothing but that, and a refused
// connection once the server stops, lets a client ask again.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http_client.hpp"

class Traffic {
 public:
  struct Tally {
    std::size_t answered = 0;
    std::size_t asked_again = 0;  // pipelined behind an answer that said that the connection ends
    std::vector<std::string> failures;
  };

  // Starts a client of each kind at each of the addresses, of a server of the plugin `routes`; and more of
  // those that connect anew for each request.
  explicit Traffic(const std::vector<Address>& addresses, int more_afresh = 0);
  ~Traffic();

  // Waits until `count` more requests have been answered. Throws at the deadline.
  // Returns at once when something has failed.
  void wait_for_answers(std::size_t count, Deadline deadline = {});

  // From now on a connection may be refused, and ends its client. To be called before the server is stopped.
  void expect_end() { ending_ = true; }

  // Waits until all clients have been refused.
  Tally wait_for_end();

 private:
  class Client;

  void run(std::size_t kind, const Address& address);
  void fail(const std::string& what);

  std::atomic<std::size_t> answered_ = 0;
  std::atomic<std::size_t> asked_again_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::vector<std::string> failures_;
  std::vector<std::thread> clients_;
};
