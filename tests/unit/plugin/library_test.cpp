#include "plugin/library.hpp"

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

appserver_plugin_descriptor ours() {
  return {sizeof(appserver_plugin_descriptor), APPSERVER_ABI_MAJOR, APPSERVER_ABI_MINOR,
          [](const appserver_host*, void**) { return 0; }, nullptr};
}

}  // namespace

TEST_CASE("a plugin of this ABI is taken") { CHECK(plugin::why_refused(ours()).empty()); }

TEST_CASE("a plugin of another major version is refused, older or newer") {
  auto descriptor = ours();
  descriptor.abi_major = APPSERVER_ABI_MAJOR + 1;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("2.0") && ContainsSubstring("1.0"));
  descriptor.abi_major = APPSERVER_ABI_MAJOR - 1;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("rebuild"));
}

TEST_CASE("a plugin of a newer minor version is told to wait for a newer server") {
  auto descriptor = ours();
  descriptor.abi_minor = APPSERVER_ABI_MINOR + 1;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("upgrade the server"));
}

TEST_CASE("a descriptor that grew in a later build of this version is taken") {
  auto descriptor = ours();
  descriptor.size += 16;
  CHECK(plugin::why_refused(descriptor).empty());
}

TEST_CASE("a descriptor that is cut or has no start is refused") {
  auto descriptor = ours();
  descriptor.size -= 8;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("broken"));
  descriptor = ours();
  descriptor.start = nullptr;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("broken"));
}
