// Descriptors that are kept for the time when there are no others: by them a connection can be accepted all
// the same, told to come again (503), and closed, where it would wait in the queue with no end in sight. Part
// of the Acceptors.
#pragma once

#include <array>
#include <cstddef>

#include "base/unique_fd.hpp"

namespace http {

class Spares {
 public:
  static constexpr std::size_t kCount = 16;

  // Keeps as many as can be had.
  Spares() { refill(); }

  // Accepts one connection from a listener that has no descriptor for it, and turns it away. False, with
  // errno, where that can't be done either; EAGAIN: it is no longer there.
  bool turn_away_from(int listener) noexcept;

  // Answers 503, and keeps the connection in the place of a descriptor for as long as that is not needed:
  // closed at once, with a request unread or on its way, it would be reset, and the answer lost with it (RFC
  // 9112 section 9.6).
  void turn_away(base::UniqueFd socket) noexcept;

  // Closes the connections that are kept, and makes their descriptors spare ones again.
  void refill() noexcept;

 private:
  static void close(base::UniqueFd& kept) noexcept;

  std::array<base::UniqueFd, kCount> kept_;
  std::size_t next_ = 0;  // the one that has been kept longest
};

}  // namespace http
