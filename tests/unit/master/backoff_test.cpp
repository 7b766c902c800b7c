#include "master/backoff.hpp"

#include "catch.hpp"

using master::Backoff;
using namespace std::chrono_literals;

namespace {
const base::TimePoint kNow = base::Clock::now();
}

TEST_CASE("a worker that has never died starts at once") {
  const Backoff backoff;
  CHECK(backoff.due() <= kNow);
}

TEST_CASE("a worker that dies again and again waits twice as long each time") {
  Backoff backoff;
  CHECK(backoff.died(kNow, 1s) == 0ms);
  CHECK(backoff.due() == kNow);
  CHECK(backoff.died(kNow, 0s) == 100ms);
  CHECK(backoff.died(kNow, 9s) == 200ms);
  CHECK(backoff.died(kNow, 0s) == 400ms);
  CHECK(backoff.due() == kNow + 400ms);
}

TEST_CASE("the wait grows to ten seconds and no further") {
  Backoff backoff;
  for (int i = 0; i < 100; ++i) backoff.died(kNow, 0s);
  CHECK(backoff.died(kNow, 0s) == 10s);
}

TEST_CASE("a worker that has served for ten seconds begins anew") {
  Backoff backoff;
  for (int i = 0; i < 5; ++i) backoff.died(kNow, 0s);
  CHECK(backoff.died(kNow, 10s) == 0ms);
  CHECK(backoff.died(kNow, 0s) == 100ms);
}
