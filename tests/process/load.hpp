// Clients that ask one thing again and again over connections that they keep, and count: a request that was
// sent must be answered, in full.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http_client.hpp"

class Load {
 public:
  // Starts `clients` threads that GET `target` until stop(). A client connects anew only when the server
  // has said `Connection: close`.
  Load(const Address& address, const std::string& target, int clients);
  ~Load();

  // Waits until `count` more requests have been answered. Throws at the deadline, or when all clients failed.
  void wait_for_answers(std::size_t count, Deadline deadline = {});

  struct Tally {
    std::size_t answered = 0;           // with 200, in full
    std::vector<std::string> failures;  // one for each request that was not
  };
  // Lets each client finish its request, and tells what became of them all.
  Tally stop();

 private:
  void run(const Address& address, const std::string& target);
  bool note(const Answer& answer);

  mutable std::mutex mutex_;
  std::condition_variable more_;
  Tally tally_;
  bool stopping_ = false;
  std::vector<std::thread> clients_;
};
