#include "base/signal_name.hpp"

#include <signal.h>

#include "catch.hpp"

TEST_CASE("a signal is called by the name that kill(1) takes") {
  CHECK(base::signal_name(SIGSEGV) == "SIGSEGV");
  CHECK(base::signal_name(SIGKILL) == "SIGKILL");
  CHECK(base::signal_name(40) == "signal 40");
}
