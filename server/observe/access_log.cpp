#include "observe/access_log.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "base/log.hpp"

namespace observe {
namespace {

// O_NONBLOCK is for pipes; a disk takes no notice of it.
constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

mode_t type_of(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 ? about.st_mode & S_IFMT : 0;
}

base::UniqueFd open_standard_output() {
  // A pipe gets a description of its own: to make the one that is there non-blocking would be to make that of
  // the shell's other commands so. A file keeps the one that standard error may share, and their place in it.
  base::UniqueFd own;
  if (type_of(STDOUT_FILENO) == S_IFIFO) own.reset(::open("/proc/self/fd/1", kFlags & ~O_CREAT));
  if (!own) own.reset(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return own;
}

std::string advice(int error) {
  switch (error) {
    case ENOENT:
      return "; make its folder, or name another file";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; name a file that this user may write, or change who owns it";
    case EISDIR:
      return "; name a file in it";
    case ENXIO:
      return ": nobody reads this pipe; start its reader first";
    default:
      return "";
  }
}

}  // namespace

base::UniqueFd open_access_log(const std::string& file) {
  base::UniqueFd fd =
      file == "-" ? open_standard_output() : base::UniqueFd(::open(file.c_str(), kFlags, 0644));
  if (fd) return fd;
  const int error = errno;
  throw std::runtime_error("--access-logfile '" + file + "' can't be opened: " + std::strerror(error) +
                           advice(error));
}

AccessLog::AccessLog(int fd, const AccessLogFormat& format)
    : fd_(fd),
      format_(format),
      socket_(type_of(fd) == S_IFSOCK),
      // A file takes any line whole, a pipe that others write to only so much (pipe(7)).
      longest_(type_of(fd) == S_IFREG ? std::numeric_limits<std::size_t>::max() : PIPE_BUF) {}

void AccessLog::write(const AccessEntry& entry) noexcept {
  try {
    line_.assign(torn_ ? "\n" : "");
    format_.append(line_, entry);
    line_ += '\n';
    write_line();
  } catch (const std::exception&) {  // no memory, not even to say so
  }
}

void AccessLog::write_line() {
  if (line_.size() > longest_) {
    constexpr std::string_view kCut = "...\n";
    line_.resize(longest_ - kCut.size());
    line_ += kCut;
  }
  ssize_t size;
  do {
    size = socket_ ? ::send(fd_, line_.data(), line_.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                   : ::write(fd_, line_.data(), line_.size());
  } while (size < 0 && errno == EINTR);
  if (size == static_cast<ssize_t>(line_.size())) {
    torn_ = false;
    return;
  }
  if (size > 0) torn_ = true;
  const int error = size < 0 ? errno : ENOSPC;
  if (const auto end = losses_.turn()) {
    base::log_error("A line of the access log is lost: ",
                    error == EAGAIN ? "its reader does not keep up" : std::strerror(error), *end);
  }
}

}  // namespace observe
