#include "base/unique_fd.hpp"

#include <fcntl.h>

#include <utility>

#include "catch.hpp"

namespace {

base::UniqueFd open_something() { return base::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed when its owner ends") {
  int fd = -1;
  {
    const base::UniqueFd owner = open_something();
    fd = owner.get();
    REQUIRE(is_open(fd));
  }
  CHECK_FALSE(is_open(fd));
}

TEST_CASE("a descriptor that is moved stays open with its new owner alone") {
  base::UniqueFd first = open_something();
  const int fd = first.get();
  base::UniqueFd second = std::move(first);
  CHECK_FALSE(first);
  first.reset();
  CHECK(is_open(fd));

  base::UniqueFd third = open_something();
  const int replaced = third.get();
  third = std::move(second);
  CHECK(third.get() == fd);
  CHECK_FALSE(is_open(replaced));
}

TEST_CASE("a descriptor that is released is the caller's to close") {
  base::UniqueFd owner = open_something();
  const base::UniqueFd taker(owner.release());
  CHECK_FALSE(owner);
  CHECK(is_open(taker.get()));
}
