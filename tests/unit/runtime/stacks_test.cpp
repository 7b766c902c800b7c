#include "runtime/stacks.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

std::size_t resident_pages(std::span<std::byte> memory) {
  std::vector<unsigned char> pages(memory.size() / static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
  REQUIRE(::mincore(memory.data(), memory.size(), pages.data()) == 0);
  return static_cast<std::size_t>(std::count(pages.begin(), pages.end(), 1));
}

// The stack of the fiber that calls.
std::span<std::byte> my_stack(const WorkerThread& worker) {
  const int here = 0;
  return worker.all_stacks.containing(&here).value();
}

}  // namespace

TEST_CASE("a fiber has a stack of the size asked for, and is found on it") {
  on_worker_thread([](WorkerThread& worker) {
    constexpr std::size_t kLarge = 3 << 20;
    std::size_t size = 0;
    runtime::run_on_fiber(worker.all_stacks.of_size(kLarge - 100), [&] {
      const auto stack = my_stack(worker);
      size = stack.size();
      std::memset(stack.data(), 1, stack.size() / 2);
    });
    CHECK(size > kLarge - 100'000);
    CHECK(size < kLarge);
    CHECK(&worker.all_stacks.of_size(kLarge - 100) == &worker.all_stacks.of_size(kLarge));
    CHECK(&worker.all_stacks.of_size(runtime::StackPool::kDefaultSize) == &worker.all_stacks.usual());
  });
}

TEST_CASE("the memory of a deep stack goes back within seconds of its end, and that of a second one") {
  on_worker_thread([](WorkerThread& worker) {
    for (int round = 0; round < 2; ++round) {
      std::span<std::byte> stack;
      runtime::run_on_fiber(worker.stacks, [&] {
        stack = my_stack(worker);
        std::memset(stack.data(), 1, stack.size() / 2);
      });
      CHECK(resident_pages(stack) > 20);
      const auto deadline = runtime::Clock::now() + 10s;
      while (resident_pages(stack) > 0 && runtime::Clock::now() < deadline) {
        runtime::sleep_until(runtime::Clock::now() + 10ms);
      }
      CHECK(resident_pages(stack) == 0);
    }
  });
}

TEST_CASE("a worker at rest is woken by no timer of its stacks") {
  on_worker_thread([](WorkerThread& worker) {
    runtime::run_on_fiber(worker.stacks, [] {});
    const auto turns_in_a_while = [&] {
      const auto before = worker.turns.load();
      runtime::sleep_until(runtime::Clock::now() + 1500ms);
      return worker.turns.load() - before;
    };
    CHECK(turns_in_a_while() > 1);
    const auto deadline = runtime::Clock::now() + 15s;
    auto turns = turns_in_a_while();
    while (turns > 1 && runtime::Clock::now() < deadline) turns = turns_in_a_while();
    CHECK(turns == 1);  // this fiber's own
  });
}
