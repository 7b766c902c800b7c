// What a call ends with, hooked and not: a table of calls, each made on a thread as it is and then on a
// request's fiber, and compared.
#pragma once

#include <sys/types.h>

#include <cerrno>
#include <cstddef>

#include "catch.hpp"
#include "request_fibers.hpp"

struct Outcome {
  ssize_t result = 0;
  int error = 0;
};

template <typename Call>
Outcome outcome_of(const Call& call) {
  errno = 0;
  const ssize_t result = call();
  return {result, errno};
}

// Checks that each call ends in the same way, and hands the real outcome to `check`.
template <typename Calls, typename Check>
void check_same_outcomes(const Calls& calls, Check check) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Outcome real = outcome_of(calls[i]);
    Outcome hooked;
    on_request_fibers(1, [&](int) { hooked = outcome_of(calls[i]); });
    INFO("call " << i);
    CHECK(hooked.result == real.result);
    CHECK(hooked.error == real.error);
    check(real);
  }
}

// The same for calls that fail.
template <typename Calls>
void check_same_errors(const Calls& calls) {
  check_same_outcomes(calls, [](const Outcome& real) { CHECK(real.result == -1); });
}
