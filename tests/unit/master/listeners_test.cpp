#include "master/listeners.hpp"

#include <fcntl.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "catch.hpp"
#include "scope_exit.hpp"
#include "temporary_folder.hpp"

namespace {

constexpr int kBacklog = 16;

net::Endpoint socket_in(const TemporaryFolder& folder, const std::string& name) {
  return net::Endpoint::parse("unix:" + folder / name);
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

auto without_log() {
  base::set_log_level(base::LogLevel::critical);
  return test::ScopeExit([] { base::set_log_level(base::LogLevel::info); });
}

}  // namespace

TEST_CASE("a listener that is wanted again stays as it is") {
  const auto quiet = without_log();
  const TemporaryFolder folder;
  const net::Endpoint kept = socket_in(folder, "kept"), gone = socket_in(folder, "gone");
  master::Listeners listeners;
  listeners.open_missing({kept, gone}, kBacklog);
  const auto inode = [&] { return std::filesystem::last_write_time(folder / "kept"); };
  const auto before = inode();
  listeners.open_missing({kept}, kBacklog);
  listeners.keep({kept});
  CHECK(inode() == before);
  CHECK_FALSE(std::filesystem::exists(folder / "gone"));
  listeners.close_all();
  CHECK_FALSE(std::filesystem::exists(folder / "kept"));
}

TEST_CASE("a worker takes the listeners it is to have, in the order of its binds, and closes the others") {
  const auto quiet = without_log();
  const TemporaryFolder folder;
  const net::Endpoint a = socket_in(folder, "a"), b = socket_in(folder, "b"), c = socket_in(folder, "c");
  master::Listeners listeners;
  listeners.open_missing({a, b, c}, kBacklog);
  const std::vector<net::Listener> taken = listeners.take({c, a, c});
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].endpoint() == c);
  CHECK(taken[1].endpoint() == a);
  CHECK(is_open(taken[0].fd()));
  CHECK(std::filesystem::exists(folder / "b"));  // the master may still listen there
  CHECK(listeners.take({b}).empty());
}

TEST_CASE("an address that can't be had leaves the listeners there are") {
  const auto quiet = without_log();
  const TemporaryFolder folder;
  const net::Endpoint good = socket_in(folder, "good");
  master::Listeners listeners;
  listeners.open_missing({good}, kBacklog);
  CHECK_THROWS_AS(listeners.open_missing({good, socket_in(folder, "no/folder")}, kBacklog),
                  std::runtime_error);
  CHECK(listeners.take({good}).size() == 1);
}
