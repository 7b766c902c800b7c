// A file that is open for reading, and what tells its state from another.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <appserver/conditions.hpp>
#include <appserver/detail/host.hpp>
#include <appserver/offload.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

// Closed when it ends. What another process renames over it meanwhile does not change it.
class OpenFile {
 public:
  // Takes `descriptor` over, also where it throws std::system_error: it can't be asked what it is.
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {
    detail::check(::fstat(descriptor, &status_) == 0 ? 0 : -errno, "looking at a file");
  }

  // Throws std::system_error. [may suspend]
  static OpenFile open(const std::string& path) {
    // Opening can wait for a disk. Without O_NONBLOCK, opening a FIFO would wait for who writes to it.
    int error = 0;
    const int descriptor = offload([&] {
      const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
      error = errno;
      return opened;
    });
    if (descriptor < 0) detail::check(-error, "opening " + path);
    return OpenFile(descriptor);
  }

  int descriptor() const { return descriptor_.number; }
  bool is_regular() const { return S_ISREG(status_.st_mode); }
  bool is_folder() const { return S_ISDIR(status_.st_mode); }
  std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }
  const struct timespec& modified() const { return status_.st_mtim; }

  // Its entity tag is made of when it was modified, its size and its inode, as is the custom: what writes to
  // it changes the first, what puts another in its place the last, also where the time was set to that of the
  // old. It is strong but while the file is so new that it could change again without a new time (RFC 9110
  // section 8.8.1).
  Validators validators() const {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const auto& modified = status_.st_mtim;
    const double age = std::difftime(now.tv_sec, modified.tv_sec) +
                       1e-9 * static_cast<double>(now.tv_nsec - modified.tv_nsec);
    // A file system counts in the kernel's ticks, of up to 10 ms; some count in seconds, even two of them.
    const bool settled = age < 0 || age > (modified.tv_nsec == 0 ? 2 : 0.02);
    char tag[96];
    std::snprintf(
        tag, sizeof tag, "%s\"%llx.%lx-%llx-%llx\"", settled ? "" : "W/",
        static_cast<unsigned long long>(modified.tv_sec), static_cast<unsigned long>(modified.tv_nsec),
        static_cast<unsigned long long>(status_.st_size), static_cast<unsigned long long>(status_.st_ino));
    // A server says of nothing that it was modified in the future (section 8.8.2.1).
    return {tag, std::min(modified.tv_sec, now.tv_sec)};
  }

 private:
  struct Descriptor {
    explicit Descriptor(int opened) : number(opened) {}
    Descriptor(Descriptor&& other) noexcept : number(std::exchange(other.number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept { return std::swap(number, other.number), *this; }
    ~Descriptor() {
      if (number >= 0) ::close(number);
    }
    int number;
  };

  Descriptor descriptor_;
  struct stat status_ {};
};

}  // namespace appserver
