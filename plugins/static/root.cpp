#include "root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <appserver/offload.hpp>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace {

constexpr int kForReading = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

// Calls `function` on a thread, as it can wait for a disk, and keeps its errno.
template <typename Function>
int on_thread(Function function) {
  int error = 0;
  const int result = appserver::offload([&] {
    const int opened = function();
    error = errno;
    return opened;
  });
  errno = error;
  return result;
}

int checked(int descriptor, const std::string& path) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), path);
  return descriptor;
}

}  // namespace

Root::Root(const std::string& path, Way way)
    : folder_(checked(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), path)),
      by_kernel_(way != Way::step) {
  if (way != Way::possible) return;
  const int tried = open_by_kernel(".", false);  // ENOSYS, or EPERM and the like from a container's filter
  by_kernel_ = tried >= 0;
  if (tried >= 0) ::close(tried);
}

Root::Root(Root&& other) noexcept : folder_(std::exchange(other.folder_, -1)), by_kernel_(other.by_kernel_) {}

Root::~Root() {
  if (folder_ >= 0) ::close(folder_);
}

int Root::open(const std::string& path) const {
  if (!by_kernel_) return checked(on_thread([&] { return open_by_steps(path); }), path);
  // What the kernel knows by name is opened at once; what it must ask a disk for, on a thread. EINVAL: it
  // can't say, before Linux 5.12.
  int opened = open_by_kernel(path, true);
  // EAGAIN of the second kind: something was renamed while a link's `..` was followed.
  for (int tries = 0; opened < 0 && (errno == EAGAIN || errno == EINVAL) && tries < 8; ++tries) {
    opened = on_thread([&] { return open_by_kernel(path, false); });
  }
  return checked(opened, path);
}

int Root::open_by_kernel(const std::string& path, bool cached) const {
  open_how how{};
  how.flags = kForReading;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | (cached ? RESOLVE_CACHED : 0);
  return static_cast<int>(::syscall(SYS_openat2, folder_, path.c_str(), &how, sizeof how));
}

int Root::open_by_steps(const std::string& path) const {
  std::string_view rest = path;
  int folder = folder_;
  for (;;) {
    const auto slash = rest.find('/');
    const bool last = slash == std::string_view::npos;
    const std::string segment(rest.substr(0, slash));
    int opened = -1;
    errno = EXDEV;
    if (segment != "..") {
      const int flags = last ? kForReading : O_PATH | O_DIRECTORY | O_CLOEXEC;
      opened = ::openat(folder, segment.empty() ? "." : segment.c_str(), flags | O_NOFOLLOW);
    }
    const int error = errno;
    if (folder != folder_) ::close(folder);
    errno = error;
    if (last || opened < 0) return opened;
    folder = opened;
    rest.remove_prefix(slash + 1);
  }
}
