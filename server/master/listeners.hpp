// The listening sockets of the server, each known by the address it was configured with. The master owns them
// for the server's life; a worker takes those of its generation from the copy that fork gave it.
#pragma once

#include <vector>

#include "net/listener.hpp"

namespace master {

class Listeners {
 public:
  // Makes the ones that are missing and logs where they listen; the rest stay as they are, connections in
  // their queues included. Throws std::runtime_error at the first that can't be made. [master]
  void open_missing(const std::vector<net::Endpoint>& wanted, int backlog);

  // Closes all but these. Those that go let nobody new in, where a worker has them open still. [master]
  void keep(const std::vector<net::Endpoint>& wanted);
  void close_all() { keep({}); }

  // Gives away the ones that `wanted` names, in its order, and closes the rest of this process's copies,
  // without removing files. For a child, after the fork. [worker]
  std::vector<net::Listener> take(const std::vector<net::Endpoint>& wanted);

 private:
  std::vector<net::Listener> all_;
};

}  // namespace master
