#include "plugin/library.hpp"

#include "catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

appserver_plugin_descriptor ours() {
  return {sizeof(appserver_plugin_descriptor),
          APPSERVER_ABI_MAJOR,
          APPSERVER_ABI_MINOR,
          [](const appserver_host*, void**) { return 0; },
          nullptr,
          0,
          0};
}

std::string version(int major) { return std::to_string(major) + "." + std::to_string(APPSERVER_ABI_MINOR); }

}  // namespace

TEST_CASE("a plugin of this ABI is taken") { CHECK(plugin::why_refused(ours()).empty()); }

TEST_CASE("a plugin of another major version is refused, older or newer") {
  auto descriptor = ours();
  descriptor.abi_major = APPSERVER_ABI_MAJOR + 1;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring(version(2)) && ContainsSubstring(version(1)));
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
  descriptor.size = offsetof(appserver_plugin_descriptor, stop);
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("broken"));
  descriptor = ours();
  descriptor.start = nullptr;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("broken"));
}

TEST_CASE("a descriptor of ABI 1.0 ends before the stack size, and has the defaults") {
  struct {
    std::uint32_t size = 24;
    std::uint16_t abi_major = 1, abi_minor = 0;
    std::int32_t (*start)(const appserver_host*, void**) = [](const appserver_host*, void**) { return 0; };
    void (*stop)(void*) = [](void*) {};
    std::uint64_t behind_it = ~std::uint64_t{0};
  } const theirs;
  const auto descriptor = plugin::read_descriptor(&theirs);
  CHECK(plugin::why_refused(descriptor).empty());
  CHECK(descriptor.start == theirs.start);
  CHECK(descriptor.stop == theirs.stop);
  CHECK(descriptor.stack_size == 0);
  CHECK(descriptor.flags == 0);
}

TEST_CASE("a descriptor is read as far as this host knows it") {
  struct {
    appserver_plugin_descriptor known = ours();
    std::uint64_t newer = ~std::uint64_t{0};
  } theirs;
  theirs.known.size = sizeof theirs;
  theirs.known.stack_size = 1 << 20;
  theirs.known.flags = APPSERVER_THREAD_LOCAL_PER_REQUEST;
  const auto descriptor = plugin::read_descriptor(&theirs);
  CHECK(plugin::why_refused(descriptor).empty());
  CHECK(descriptor.stack_size == 1 << 20);
  CHECK(descriptor.flags == APPSERVER_THREAD_LOCAL_PER_REQUEST);
}

TEST_CASE("a stack size that makes no sense is refused with those that do") {
  auto descriptor = ours();
  for (const std::uint32_t size : {1u, 16u * 1024 - 1, (64u << 20) + 1, ~0u}) {
    CAPTURE(size);
    descriptor.stack_size = size;
    CHECK_THAT(plugin::why_refused(descriptor),
               ContainsSubstring(std::to_string(size)) && ContainsSubstring("16384 (16K) to 67108864 (64M)"));
  }
  for (const std::uint32_t size : {0u, 16u * 1024, 1'000'000u, 64u << 20}) {
    descriptor.stack_size = size;
    CHECK(plugin::why_refused(descriptor).empty());
  }
}

TEST_CASE("a flag that this host does not know is refused") {
  auto descriptor = ours();
  descriptor.flags = APPSERVER_THREAD_LOCAL_PER_REQUEST | 4;
  CHECK_THAT(plugin::why_refused(descriptor), ContainsSubstring("(4)"));
}
