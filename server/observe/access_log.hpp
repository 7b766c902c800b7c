// The access log: one line a request, one write(2) a line, so that the lines of several workers don't mix.
// The master opens the file, so that an error is told at the start; each worker writes.
#pragma once

#include <cstddef>
#include <string>

#include "base/rarely.hpp"
#include "base/unique_fd.hpp"
#include "observe/access_log_format.hpp"

namespace observe {

// Opens `file` to add lines to it, `-` for standard output. Writing to it never waits where that can be had.
// Throws std::runtime_error that says what is wrong and what to do. [master]
base::UniqueFd open_access_log(const std::string& file);

class AccessLog {
 public:
  // `fd` is what open_access_log() gives, or -1: nothing is logged. Both outlive this.
  AccessLog(int fd, const AccessLogFormat& format);

  bool on() const { return fd_ >= 0; }

  // Writes a line. One that can't be written, because the disk is full or nobody reads, is lost, and the
  // error log says so: requests don't wait for it. [worker]
  void write(const AccessEntry& entry) noexcept;

 private:
  void write_line();

  const int fd_;
  const AccessLogFormat& format_;
  const bool socket_;          // standard output may be one, to the journal
  const std::size_t longest_;  // line, with its end: what is written in one piece

  std::string line_;   // used again
  bool torn_ = false;  // the last of it lacks its end: the disk is full
  base::Rarely losses_;
};

}  // namespace observe
