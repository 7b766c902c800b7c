#include "hooks/reach.hpp"

#include "catch.hpp"
#include "library.hpp"

namespace {

hooks::Reach::Findings look_at(const std::string& name, int mode = RTLD_NOW | RTLD_LOCAL) {
  hooks::Reach reach;
  const OpenLibrary library(name, mode);
  return reach.look("the.so", reinterpret_cast<const void*>(library.function<void()>("nap")));
}

}  // namespace

TEST_CASE("a library that is linked as usual is reached, and can be served") {
  const std::string linked = GENERATE("reached", "reached_static_runtime");
  const auto findings = look_at(linked);
  CHECK(findings.refusal == "");
  CHECK(findings.unreached.empty());
}

TEST_CASE("a plugin with a hidden C++ runtime is refused once, with the reason and what to do") {
  hooks::Reach reach;
  const OpenLibrary library("hidden_runtime");
  const auto* const code = reinterpret_cast<const void*>(library.function<void()>("nap"));
  const std::string refusal = reach.look("the.so", code).refusal;
  CHECK_THAT(refusal, Catch::Matchers::StartsWith("the.so has a C++ runtime of its own that is hidden"));
  CHECK_THAT(refusal,
             Catch::Matchers::EndsWith("link it without --exclude-libs, or with the shared libstdc++"));
  CHECK(reach.look("the.so", code).refusal == "");
}

#if !defined(__SANITIZE_ADDRESS__)  // which ends the process at RTLD_DEEPBIND
TEST_CASE("a library that is bound past the hooks is named with its calls and where they go") {
  const auto findings = look_at("past_hooks", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  REQUIRE(findings.unreached.size() == 1);
  CHECK_THAT(findings.unreached[0], Catch::Matchers::StartsWith("the.so: its calls of "));
  CHECK_THAT(findings.unreached[0], Catch::Matchers::ContainsSubstring("usleep"));
  CHECK_THAT(findings.unreached[0], Catch::Matchers::ContainsSubstring("libc.so.6"));
}
#endif
