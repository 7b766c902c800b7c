// The buffers that readv(2), sendmsg(2) and their kin are given.
#pragma once

#include <limits.h>
#include <sys/uio.h>

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hooks {

using Parts = std::span<const iovec>;

inline std::size_t length_of(Parts parts) noexcept {
  std::size_t length = 0;
  for (const iovec& part : parts) length += part.iov_len;
  return length;
}

// What is left of them after the first `done` bytes, up to `most`. The caller's own array stays as it is.
class PartsLeft {
 public:
  PartsLeft(Parts parts, std::size_t done, std::size_t most = SIZE_MAX) {
    for (iovec part : parts) {
      const std::size_t skipped = part.iov_len < done ? part.iov_len : done;
      done -= skipped;
      part.iov_base = static_cast<char*>(part.iov_base) + skipped;
      part.iov_len -= skipped;
      if (part.iov_len > most) part.iov_len = most;
      most -= part.iov_len;
      if (part.iov_len > 0) left_.push_back(part);
    }
  }

  operator Parts() const { return {left_.data(), left_.size()}; }
  const iovec* data() const { return left_.data(); }
  int count() const { return static_cast<int>(left_.size()); }

 private:
  boost::container::small_vector<iovec, 8> left_;
};

}  // namespace hooks
