// Stacks for fibers, cut from slabs of address space and used again last in, first out, so that the stack a
// request gets is most often still in the cache. One a worker.
#pragma once

#include <boost/context/stack_context.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace runtime {

class StackPool {
 public:
  static constexpr std::size_t kDefaultSize = 256 * 1024;

  // `size` is the address space of one stack in bytes, its guard page included; memory is used only where
  // a fiber has written.
  explicit StackPool(std::size_t size = kDefaultSize);
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  // Below each stack lies a page that ends the process when it is touched, rather than let one request's
  // overflow write into another's. Throws std::bad_alloc.
  boost::context::stack_context allocate();
  void deallocate(boost::context::stack_context& stack) noexcept;

  // The stack of this pool that holds `address`, or has it in its guard page, if one does. Async-signal-safe.
  std::optional<std::span<std::byte>> containing(const void* address) const;

 private:
  void add_slab();

  const std::size_t size_;
  std::vector<std::byte*> slabs_;
  std::vector<std::byte*> free_;
};

}  // namespace runtime
