#include "catch.hpp"
#include "library.hpp"
#include "request_fibers.hpp"

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
