// Descriptors in pairs, for tests of calls that wait: what is written to one is read from the other.
#pragma once

#include <functional>

#include "base/unique_fd.hpp"

struct Pair {
  base::UniqueFd ours;
  base::UniqueFd theirs;
};

// A unix socket pair of that type; flags may be or-ed to it.
Pair socket_pair(int type);
// `ours` is the end that is read.
Pair pipe_pair();
// A connection over the loopback.
Pair tcp_pair();
// Two connected sockets on the loopback.
Pair udp_pair();
// A terminal: `ours` is the side of its programs, not echoing.
Pair terminal_pair();

// Throws std::system_error with errno where `result` is -1.
int checked(int result);

// A hundred fibers call `wait(ours, i)` on pairs of their own. Then another writes the byte i to theirs, last
// one first. Gives how many of the waits gave true.
int woken_by_their_bytes(Pair (*make)(), const std::function<bool(int ours, char byte)>& wait);
