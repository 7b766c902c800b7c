#include "runtime/stack_pool.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <new>
#include <set>
#include <vector>

#include "catch.hpp"

namespace {

using Stack = boost::context::stack_context;

// How much of the stack is in memory.
std::size_t resident(const Stack& stack) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages(stack.size / page);
  REQUIRE(::mincore(static_cast<char*>(stack.sp) - stack.size, stack.size, pages.data()) == 0);
  return page * static_cast<std::size_t>(std::count(pages.begin(), pages.end(), 1));
}

void use(const Stack& stack, std::size_t depth) {
  std::memset(static_cast<char*>(stack.sp) - depth, 1, depth);
}

std::size_t trim_all(runtime::StackPool& pool) {
  pool.begin_trimming();
  return pool.trim(1'000'000);
}

template <typename Function>
bool ends_the_process(Function function) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGSEGV, SIG_DFL);
    ::signal(SIGBUS, SIG_DFL);
    function();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status);
}

}  // namespace

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
  CHECK(ends_the_process([&] { *(static_cast<volatile char*>(stack.sp) - stack.size - 1) = 1; }));
}

TEST_CASE("a stack that was used deeply keeps its top after one pass, and nothing after two") {
  runtime::StackPool pool;
  auto stack = pool.allocate();
  use(stack, stack.size);
  CHECK(trim_all(pool) == 0);  // it is not free
  CHECK(resident(stack) == stack.size);

  pool.deallocate(stack);
  CHECK(trim_all(pool) == 1);
  CHECK(resident(stack) == runtime::StackPool::kKept);
  CHECK(trim_all(pool) == 1);
  CHECK(resident(stack) == 0);
  CHECK(trim_all(pool) == 0);
}

TEST_CASE("a stack that is used again between passes keeps its top") {
  runtime::StackPool pool;
  for (int i = 0; i < 3; ++i) {
    auto stack = pool.allocate();
    use(stack, stack.size);
    pool.deallocate(stack);
    CHECK(trim_all(pool) == 1);
    CHECK(resident(stack) == runtime::StackPool::kKept);
  }
}

TEST_CASE("a pass can be gone through a few stacks at a time") {
  runtime::StackPool pool;
  std::vector<Stack> stacks;
  for (int i = 0; i < 10; ++i) use(stacks.emplace_back(pool.allocate()), 100'000);
  for (Stack& stack : stacks) pool.deallocate(stack);
  pool.begin_trimming();
  CHECK(pool.trim(4) == 4);
  CHECK(pool.trim(4) == 4);
  CHECK(pool.trim(4) == 2);
  CHECK(pool.trim(4) == 0);
  for (const Stack& stack : stacks) CHECK(resident(stack) == runtime::StackPool::kKept);
}

TEST_CASE("a stack that has given its memory back is still guarded") {
  runtime::StackPool pool;
  auto stack = pool.allocate();
  use(stack, stack.size);
  pool.deallocate(stack);
  trim_all(pool);
  trim_all(pool);
  CHECK(ends_the_process([&] { *(static_cast<volatile char*>(stack.sp) - stack.size - 1) = 1; }));
}

TEST_CASE("where no more can be mapped, allocate() says so and what there is can still be used") {
  runtime::StackPool pool;
  std::vector<Stack> stacks;
  stacks.push_back(pool.allocate());
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit before{};
  ::getrlimit(RLIMIT_AS, &before);
  rlimit limit = before;
  limit.rlim_cur = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + (4 << 20);
  stacks.reserve(1000);
  bool refused = false;
  ::setrlimit(RLIMIT_AS, &limit);
  try {
    while (stacks.size() < 1000) stacks.push_back(pool.allocate());
  } catch (const std::bad_alloc&) {
    refused = true;
  }
  ::setrlimit(RLIMIT_AS, &before);
  CHECK(refused);
  pool.deallocate(stacks.back());
  CHECK(pool.allocate().sp == stacks.back().sp);
}
