// Reading and writing by parts, sockets first, and files, pipes, terminals, and what else has a descriptor.
#pragma once

#include <sys/types.h>

#include "hooks/gate.hpp"
#include "hooks/parts.hpp"

namespace hooks {

struct Transfer {
  int descriptor;
  Parts parts;
  off64_t offset = -1;  // -1: at the descriptor's own position, and on from there
  int flags = 0;        // those of preadv2(2)
};

// As readv(2) and writev(2) of a socket; ENOTSOCK from what is none. [worker, may suspend]
ssize_t read_socket(ThreadState& state, int socket, Parts parts);
ssize_t write_socket(ThreadState& state, int socket, Parts parts);

// As readv(2), writev(2) and their kin of anything, though not the fastest way for a socket.
// [worker, may suspend]
ssize_t read_file(ThreadState& state, const Transfer& transfer);
ssize_t write_file(ThreadState& state, const Transfer& transfer);

}  // namespace hooks
