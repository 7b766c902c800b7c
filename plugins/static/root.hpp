// The folder that is served, and no path out of it: neither by `..` nor by a symbolic link, whatever is
// renamed meanwhile. Open from the plugin's start to its end.
#pragma once

#include <string>

class Root {
 public:
  enum class Way {
    kernel,    // openat2(2), which follows links that stay within
    step,      // a segment after the other, by openat(2) without following links: a link is as if not there
    possible,  // the kernel's where it has it (Linux 5.6) and the container lets it be used
  };

  // Throws std::system_error where `path` is no folder, or can't be read.
  explicit Root(const std::string& path, Way way = Way::possible);
  Root(Root&& other) noexcept;
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  ~Root();

  // Opens what is at `path` below it for reading; the descriptor is the caller's. Does not wait for who
  // writes to a FIFO. Throws std::system_error: no_such_file_or_directory, cross_device_link where the path
  // leads out, too_many_symbolic_link_levels or not_a_directory for a link that is not followed... [may
  // suspend]
  int open(const std::string& path) const;

 private:
  int open_by_kernel(const std::string& path, bool cached) const;
  int open_by_steps(const std::string& path) const;

  int folder_;
  bool by_kernel_;
};
