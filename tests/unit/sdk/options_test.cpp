#include <appserver/detail/entry.hpp>
#include <appserver/options.hpp>

#include "catch.hpp"

using namespace appserver;

namespace {

void define(App&) {}

// Known while it is compiled: the server reads it before any of the plugin's code runs.
constexpr auto kNone = detail::describe<define>();
constexpr auto kBoth = detail::describe<define>(thread_local_per_request, stack_size<96 << 10>);

}  // namespace

TEST_CASE("a plugin that asks for nothing has zeros in its descriptor") {
  CHECK(kNone.size == sizeof(appserver_plugin_descriptor));
  CHECK(kNone.stack_size == 0);
  CHECK(kNone.flags == 0);
}

TEST_CASE("options stand in any order") {
  CHECK(kBoth.stack_size == 96 * 1024);
  CHECK(kBoth.flags == APPSERVER_THREAD_LOCAL_PER_REQUEST);
}
