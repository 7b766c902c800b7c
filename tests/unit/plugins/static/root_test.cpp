#include "root.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#include "catch.hpp"
#include "fake_host.hpp"
#include "temporary_folder.hpp"

namespace fs = std::filesystem;

namespace {

// A root with a secret beside it, on a host whose threads can be used.
struct Served {
  explicit Served(Root::Way way) {
    host.start([](appserver::App&) {});
    folder.write("secret", "secret");
    folder.write("root/a/b.txt", "b");
    fs::create_symlink("a", folder / "root/inside");
    fs::create_symlink("../a/b.txt", folder / "root/a/within");
    fs::create_symlink("../secret", folder / "root/out");
    fs::create_symlink(folder / "secret", folder / "root/absolute_out");
    fs::create_symlink(folder / "root/a/b.txt", folder / "root/absolute_inside");
    fs::create_symlink("..", folder / "root/up");
    fs::create_symlink("loop", folder / "root/loop");
    fs::create_symlink("/proc/self/root", folder / "root/magic");
    ::mkfifo((folder / "root/fifo").c_str(), 0600);
    root.emplace(folder / "root", way);
  }

  // What is read at `path`, `folder` where it is one, or the error.
  std::string at(const std::string& path) const {
    try {
      const int file = root->open(path);
      char text[64];
      const ssize_t size = ::read(file, text, sizeof text);
      const int error = errno;
      ::close(file);
      return size < 0 ? (error == EISDIR ? "folder" : "unreadable")
                      : std::string(text, static_cast<std::size_t>(size));
    } catch (const std::system_error& error) {
      switch (error.code().value()) {
        case ENOENT:
          return "ENOENT";
        case EXDEV:
          return "EXDEV";
        case ELOOP:
          return "ELOOP";
        case ENOTDIR:
          return "ENOTDIR";
        default:
          return error.what();
      }
    }
  }

  TemporaryFolder folder;
  FakeHost host;
  std::optional<Root> root;
};

constexpr Root::Way kWays[] = {Root::Way::kernel, Root::Way::step, Root::Way::possible};

}  // namespace

TEST_CASE("what lies below the root is opened, either way") {
  for (const auto way : kWays) {
    const Served served(way);
    CHECK(served.at("a/b.txt") == "b");
    CHECK(served.at("./a/b.txt") == "b");
    CHECK(served.at("a") == "folder");
    CHECK(served.at(".") == "folder");
    CHECK(served.at("nowhere") == "ENOENT");
    CHECK(served.at("a/b.txt/c") == "ENOTDIR");
    CHECK(served.at(std::string(300, 'x')).find("File name too long") != std::string::npos);
  }
}

TEST_CASE("nothing leads out, either way") {
  for (const auto way : kWays) {
    const Served served(way);
    for (const char* path :
         {"..", "../secret", "a/../../secret", "out", "absolute_out", "up", "up/secret", "up/root/a/b.txt",
          "magic", "magic/etc/passwd", "/etc/passwd", "a/b.txt/../../../secret", "loop"}) {
      CAPTURE(path);
      const std::string found = served.at(path);
      CHECK((found == "EXDEV" || found == "ELOOP" || found == "ENOTDIR" || found == "ENOENT"));
    }
  }
}

TEST_CASE("a link that stays within is followed by the kernel, and by steps not") {
  const Served by_kernel(Root::Way::kernel);
  CHECK(by_kernel.at("inside/b.txt") == "b");
  CHECK(by_kernel.at("a/within") == "b");
  CHECK(by_kernel.at("absolute_inside") == "EXDEV");
  const Served by_steps(Root::Way::step);
  CHECK(by_steps.at("inside/b.txt") == "ENOTDIR");
  CHECK(by_steps.at("a/within") == "ELOOP");
}

TEST_CASE("a FIFO to which nobody writes keeps nobody waiting") {
  for (const auto way : kWays) CHECK(Served(way).at("fifo").empty());
}

TEST_CASE("a link put in a folder's place meanwhile leads nowhere") {
  for (const auto way : kWays) {
    const Served served(way);
    const fs::path root = served.folder / "root", outside = served.folder / "outside";
    served.folder.write("outside/b.txt", "secret");
    std::atomic<bool> done{false};
    std::thread mover([&] {
      while (!done) {
        fs::rename(root / "a", root / "kept");
        fs::create_directory_symlink(outside, root / "a");
        fs::remove(root / "a");
        fs::rename(root / "kept", root / "a");
      }
    });
    int opened = 0, secrets = 0;
    // The mover may be in the way again and again; some day it isn't.
    for (int i = 0; i < 3000 || (opened == 0 && i < 3'000'000); ++i) {
      const std::string found = served.at("a/b.txt");
      opened += found == "b";
      secrets += found == "secret";
    }
    done = true;
    mover.join();
    CHECK(secrets == 0);
    CHECK(opened > 0);
  }
}

TEST_CASE("a root must be a folder that can be read") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(Root(folder / "nowhere"), std::system_error);
  CHECK_THROWS_AS(Root(folder.write("file", "")), std::system_error);
}
