#include "master/snapshot.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <string>

#include "catch.hpp"
#include "temporary_folder.hpp"

namespace {

config::PluginFile plugin(const std::string& file) { return {.prefix = "", .file = file, .given = file}; }

std::string bytes_of(const master::Snapshot& snapshot) {
  std::string bytes(1 << 20, '\0');
  const auto size = ::pread(snapshot.image.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

// What taking a snapshot of `file` is refused with, or "".
std::string refusal(const config::PluginFile& file) {
  try {
    master::take_snapshot(file);
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a plugin's file that is overwritten in place leaves its snapshot as it was") {
  const TemporaryFolder folder;
  const std::string file = folder.write("slow.so", "version 1, the longer one");
  const master::Snapshot snapshot = master::take_snapshot(plugin(file));
  folder.write("slow.so", "version 2");
  CHECK(bytes_of(snapshot) == "version 1, the longer one");
  CHECK(bytes_of(master::take_snapshot(plugin(file))) == "version 2");
}

TEST_CASE("a snapshot keeps where it was taken from") {
  const TemporaryFolder folder;
  const config::PluginFile source{"/api", folder.write("slow.so", "code"), "slow.so"};
  const master::Snapshot snapshot = master::take_snapshot(source);
  CHECK(snapshot.source.prefix == "/api");
  CHECK(snapshot.source.file == source.file);
  CHECK(snapshot.source.given == "slow.so");
}

TEST_CASE("a snapshot can't be changed, but its code can be mapped") {
  const TemporaryFolder folder;
  const master::Snapshot snapshot = master::take_snapshot(plugin(folder.write("slow.so", "code")));
  CHECK(::pwrite(snapshot.image.get(), "x", 1, 0) == -1);
  CHECK(::ftruncate(snapshot.image.get(), 0) == -1);
  void* mapped = ::mmap(nullptr, 4, PROT_READ | PROT_EXEC, MAP_PRIVATE, snapshot.image.get(), 0);
  REQUIRE(mapped != MAP_FAILED);
  ::munmap(mapped, 4);
}

TEST_CASE("a large plugin is copied whole") {
  const TemporaryFolder folder;
  const std::string code(3'000'001, 'c');
  const master::Snapshot snapshot = master::take_snapshot(plugin(folder.write("large.so", code)));
  struct stat status;
  REQUIRE(::fstat(snapshot.image.get(), &status) == 0);
  CHECK(status.st_size == 3'000'001);
}

TEST_CASE("a plugin that is not there, or no regular file, is refused by name") {
  const TemporaryFolder folder;
  CHECK(refusal(plugin(folder / "none.so")) ==
        "plugin " + (folder / "none.so") + ": can't be opened: No such file or directory");
  folder.write("folder.so/file", "");
  CHECK(refusal(plugin(folder / "folder.so")) ==
        "plugin " + (folder / "folder.so") + ": is a folder, not a shared library");
  REQUIRE(::mkfifo((folder / "fifo.so").c_str(), 0600) == 0);
  CHECK(refusal(plugin(folder / "fifo.so")) == "plugin " + (folder / "fifo.so") + ": is not a regular file");
}

TEST_CASE("a refused plugin is named as it was written and as it was found") {
  CHECK(refusal({.prefix = "", .file = "/nowhere/slow.so", .given = "slow"}) ==
        "plugin slow (/nowhere/slow.so): can't be opened: No such file or directory");
}
