// How much of a client the server puts up with. Plain values, constant while the worker lives.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "runtime/clock.hpp"

namespace http {

struct Limits {
  // Bytes of all lines of a head, past it 431, or of a trailer section, past it 400. A hundred fields, each
  // within its own limit, would be most of a megabyte for every connection that a client cares to open.
  std::size_t head() const { return std::max<std::size_t>(64 << 10, request_line + 4 * field_size); }

  std::size_t request_line;    // bytes, without the line's end; past it 414
  std::size_t fields;          // lines; past it 431
  std::size_t field_size;      // bytes of one line; past it 431
  std::uint64_t request_body;  // bytes; past it 413
  std::size_t connections;     // at once; more wait in the kernel's queue
  std::size_t requests = 0;    // that are answered at once; more wait for their turns. 0: no limit

  // From the connection, or a later request's first byte, to the head's end.
  runtime::Duration header_timeout;
  runtime::Duration body_timeout;     // for each wait for a client that sends a body
  runtime::Duration write_timeout{};  // for each wait for a client that reads an answer
  runtime::Duration queue_timeout{};  // for a turn
  runtime::Duration keep_alive;       // between requests; zero closes after each answer
};

}  // namespace http
