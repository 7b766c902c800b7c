// Starts a fiber on a pooled stack.
#pragma once

#include <boost/fiber/fiber.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "runtime/parking.hpp"
#include "runtime/sanitizer.hpp"
#include "runtime/stack_pool.hpp"

namespace runtime {

namespace detail {

// Boost's StackAllocator is copied on to each stack; the pool is one.
struct PooledStack {
  StackPool* pool;
  boost::context::stack_context allocate() { return pool->allocate(); }
  void deallocate(boost::context::stack_context& stack) noexcept { pool->deallocate(stack); }
};

}  // namespace detail

// Runs `function()` on a fiber of its own, soon: the caller goes on first. What it throws ends the process,
// so it catches what it can throw. Throws std::bad_alloc where there is no stack. [worker]
template <typename Function>
void spawn(StackPool& stacks, Function function) {
  boost::fibers::fiber(boost::fibers::launch::post, std::allocator_arg, detail::PooledStack{&stacks},
                       [function = std::move(function)]() mutable {
                         sanitizer::arrived();
                         function();
                       })
      .detach();
}

// Runs `function()` on a fiber of its own, suspends the caller until it has ended, and hands on what it
// throws. Throws std::bad_alloc where there is no stack; nothing has run then. [worker, may suspend]
template <typename Function>
void run_on_fiber(StackPool& stacks, Function function) {
  ParkingSpot ended;
  bool running = true;
  std::exception_ptr thrown;
  spawn(stacks, [&] {
    try {
      function();
    } catch (...) {
      thrown = std::current_exception();
    }
    running = false;
    ended.unpark();
  });
  while (running) ended.park_until();
  if (thrown) std::rethrow_exception(std::move(thrown));
}

}  // namespace runtime
