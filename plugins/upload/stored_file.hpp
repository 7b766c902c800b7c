// A file that is being written, under a name that does not count until it is whole. An upload that fails or
// is cut off leaves nothing behind.
#pragma once

#include <string>
#include <string_view>

class StoredFile {
 public:
  // Creates it in `folder`. All of these throw std::system_error. [may suspend]
  explicit StoredFile(const std::string& folder);
  ~StoredFile();
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;

  void write(std::string_view piece);

  // Gives the file its own name, which nobody outside has chosen, and returns that.
  std::string keep();

 private:
  const std::string folder_;
  std::string path_;  // `.upload-XXXXXX`
  const int fd_;
};
