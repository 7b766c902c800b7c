#include "runtime/stack_pool.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <set>
#include <vector>

#include "catch.hpp"

TEST_CASE("stacks do not overlap, and each can be written from end to end") {
  runtime::StackPool pool(64 * 1024);
  std::vector<boost::context::stack_context> stacks;
  std::set<void*> tops;
  for (int i = 0; i < 200; ++i) {
    stacks.push_back(pool.allocate());
    tops.insert(stacks.back().sp);
    std::memset(static_cast<char*>(stacks.back().sp) - stacks.back().size, i, stacks.back().size);
  }
  CHECK(tops.size() == stacks.size());
  CHECK(*(static_cast<unsigned char*>(stacks[7].sp) - 1) == 7);
  for (auto& stack : stacks) pool.deallocate(stack);
}

TEST_CASE("the stack that came back last is the next one out") {
  runtime::StackPool pool;
  auto first = pool.allocate();
  auto second = pool.allocate();
  pool.deallocate(first);
  pool.deallocate(second);
  CHECK(pool.allocate().sp == second.sp);
}

TEST_CASE("a pool knows its own stacks") {
  runtime::StackPool pool;
  const auto stack = pool.allocate();
  const auto found = pool.containing(static_cast<char*>(stack.sp) - 100);
  REQUIRE(found);
  CHECK(found->data() + found->size() == stack.sp);
  CHECK(found->size() == stack.size);
  const auto by_guard = pool.containing(static_cast<char*>(stack.sp) - stack.size - 1);
  REQUIRE(by_guard);
  CHECK(by_guard->data() == found->data());
  CHECK_FALSE(pool.containing(&pool));
}

TEST_CASE("an overflow ends the process instead of reaching the next stack") {
  runtime::StackPool pool;
  const auto stack = pool.allocate();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGSEGV, SIG_DFL);
    ::signal(SIGBUS, SIG_DFL);
    *(static_cast<volatile char*>(stack.sp) - stack.size - 1) = 1;
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
}
