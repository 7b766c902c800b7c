#include "base/scope_exit.hpp"

#include <stdexcept>

#include "catch.hpp"

TEST_CASE("a scope's clean-up runs at its end, not before") {
  int runs = 0;
  {
    const base::ScopeExit clean_up([&] { ++runs; });
    CHECK(runs == 0);
  }
  CHECK(runs == 1);
}

TEST_CASE("a scope's clean-up runs when an exception leaves it") {
  int runs = 0;
  const auto fail = [&] {
    const base::ScopeExit clean_up([&] { ++runs; });
    throw std::runtime_error("left");
  };
  CHECK_THROWS(fail());
  CHECK(runs == 1);
}
