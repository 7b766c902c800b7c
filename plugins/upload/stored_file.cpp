#include "stored_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace {

template <typename Result>
Result check(Result result, const std::string& path) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), path);
  return result;
}

}  // namespace

StoredFile::StoredFile(const std::string& folder)
    : folder_(folder), path_(folder + "/.upload-XXXXXX"), fd_(check(::mkstemp(path_.data()), path_)) {}

StoredFile::~StoredFile() {
  ::unlink(path_.c_str());
  ::close(fd_);
}

void StoredFile::write(std::string_view piece) {
  while (!piece.empty()) {
    piece.remove_prefix(static_cast<std::size_t>(check(::write(fd_, piece.data(), piece.size()), path_)));
  }
}

std::string StoredFile::keep() {
  const std::string name = path_.substr(folder_.size() + 2);
  const std::string kept = folder_ + '/' + name;
  check(::link(path_.c_str(), kept.c_str()), kept);  // unlike rename(), it replaces nothing
  return name;
}
