#include "master/wait_status.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catch.hpp"

namespace {

template <typename Function>
int status_of(Function life) {
  const pid_t child = ::fork();
  if (child == 0) {
    life();
    ::_exit(0);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace

TEST_CASE("the end of a process is told by its signal or its code") {
  CHECK(master::how_it_ended(status_of([] { ::raise(SIGKILL); })) == "was killed by SIGKILL");
  CHECK(master::how_it_ended(status_of([] { ::_exit(3); })) == "exited with code 3");
}
