#include <unistd.h>

#include <thread>

#include "catch.hpp"
#include "library.hpp"
#include "plugin/load_error.hpp"
#include "plugin/own_thread_locals.hpp"
#include "request_fibers.hpp"

namespace {

// A library of which each request has its own variables.
struct Plugin : OpenLibrary {
  explicit Plugin(const std::string& name)
      : OpenLibrary(name),
        image(plugin::own_thread_locals(reinterpret_cast<const void*>(function<void()>("nap")), "the.so")) {}

  const std::optional<runtime::ThreadLocalImage> image;
};

}  // namespace

TEST_CASE(
    "where a plugin asks for it, each request has its thread_local variables anew, and destroyed at its "
    "end") {
  const Plugin library(GENERATE("blocks", "static_runtime"));
  REQUIRE(library.image);
  auto* const count = library.function<int()>("count");
  auto* const destroyed = library.function<int()>("counters_destroyed");
  const int destroyed_before = destroyed();
  int in_thread = 0;
  int right = 0;
  int aligned = 0;
  on_request_fibers(
      50,
      [&](int i) {
        if (library.function<bool()>("is_aligned")()) ++aligned;
        bool all = count() == 41;
        ::usleep(1'000);
        all = all && count() == 42;
        if (i == 0) std::thread([&] { in_thread = count(); }).join();
        if (all && count() == 43) ++right;
      },
      &*library.image);
  CHECK(right == 50);
  CHECK(aligned == 50);
  CHECK(in_thread == 41);
  CHECK(destroyed() == destroyed_before + 51);
}

TEST_CASE("where it does not, all requests have the worker's") {
  const OpenLibrary library("blocks");
  int last = 0;
  on_request_fibers(50, [&](int) { last = library.function<int()>("count")(); });
  CHECK(last == 40 + 50);
}

#if defined(__x86_64__)
TEST_CASE("a plugin whose thread_local variables can't be its requests' own is refused with the reason") {
  const OpenLibrary library("thread_local_by_descriptor");
  const auto* const code = reinterpret_cast<const void*>(library.function<void()>("nap"));
  CHECK_THROWS_WITH(
      plugin::own_thread_locals(code, "the.so"),
      "the.so asks for thread_local variables per request, but is compiled so that the server can't "
      "give them: compile it with -ftls-model=global-dynamic -mtls-dialect=gnu");
}
#endif
