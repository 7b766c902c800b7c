// Reading and writing what is no socket: files, pipes, terminals, and what else has a descriptor.
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

// As read(2), write(2) and their kin; a socket is read and written too. [worker, may suspend]
ssize_t read_file(ThreadState& state, const Transfer& transfer);
ssize_t write_file(ThreadState& state, const Transfer& transfer);

}  // namespace hooks
