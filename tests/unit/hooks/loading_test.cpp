#include "catch.hpp"
#include "library.hpp"
#include "request_fibers.hpp"
#include "slow_names.hpp"

TEST_CASE("a library's constructor that waits keeps the thread: the linker's lock is held") {
  bool other_ran = false;
  bool ran_meanwhile = true;
  on_request_fibers({[&] {
                       const OpenLibrary library("naps_in_constructor");
                       ran_meanwhile = other_ran;
                     },
                     [&] { other_ran = true; }});
  CHECK_FALSE(ran_meanwhile);
}

// On another thread the lookup would wait for the linker's lock, to open the source of names, and the library
// for the lookup.
TEST_CASE("a library's constructor may ask for a name") {
  const SlowNames names;
  int result = -1;
  on_request_fibers(
      1, [&](int) { result = OpenLibrary("resolves_in_constructor").function<int()>("result_of_lookup")(); });
  CHECK(result == 0);
}

TEST_CASE("what a request loads is hooked") {
  bool other_ran = false;
  bool ran_meanwhile = false;
  on_request_fibers({[&] {
                       const OpenLibrary library("blocks");
                       library.function<void()>("nap")();
                       ran_meanwhile = other_ran;
                     },
                     [&] { other_ran = true; }});
  CHECK(ran_meanwhile);
}
