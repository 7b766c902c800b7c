#include "master/snapshot.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace master {
namespace {

[[noreturn]] void refuse(const config::PluginFile& source, const std::string& why) {
  std::string file = source.given;
  if (source.file != source.given) file += " (" + source.file + ")";
  throw std::runtime_error("plugin " + file + ": " + why);
}

[[noreturn]] void refuse_errno(const config::PluginFile& source, const char* what) {
  refuse(source, std::string(what) + ": " + std::strerror(errno));
}

struct stat status_of(const base::UniqueFd& file, const config::PluginFile& source) {
  struct stat status;
  if (::fstat(file.get(), &status) != 0) refuse_errno(source, "can't be examined");
  return status;
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

void copy(const base::UniqueFd& from, const base::UniqueFd& to, const config::PluginFile& source) {
  constexpr std::size_t kAtOnce = 1 << 20;
  for (;;) {
    const auto size = ::sendfile(to.get(), from.get(), nullptr, kAtOnce);
    if (size == 0) return;
    if (size < 0 && errno != EINTR) refuse_errno(source, "can't be copied");
  }
}

}  // namespace

Snapshot take_snapshot(const config::PluginFile& source) {
  // O_NONBLOCK: opening a FIFO would wait for its writer.
  const base::UniqueFd file(::open(source.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) refuse_errno(source, "can't be opened");
  const struct stat before = status_of(file, source);
  if (S_ISDIR(before.st_mode)) refuse(source, "is a folder, not a shared library");
  if (!S_ISREG(before.st_mode)) refuse(source, "is not a regular file");

  base::UniqueFd image(::memfd_create("appserver-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!image) refuse_errno(source, "memfd_create");
  copy(file, image, source);
  if (!same(before, status_of(file, source))) {
    refuse(source, "was written to while it was read; reload when the copy is done");
  }
  if (::fcntl(image.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    refuse_errno(source, "its copy can't be sealed");
  }
  return {source, std::move(image)};
}

std::vector<Snapshot> take_snapshots(const std::vector<config::PluginFile>& sources) {
  std::vector<Snapshot> snapshots;
  snapshots.reserve(sources.size());
  for (const config::PluginFile& source : sources) snapshots.push_back(take_snapshot(source));
  return snapshots;
}

}  // namespace master
