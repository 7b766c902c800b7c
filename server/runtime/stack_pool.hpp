// Stacks for fibers, all of one size, cut from slabs of address space and used again last in, first out, so
// that the stack a request gets is most often still in the cache. Owned by the worker's Stacks.
#pragma once

#include <boost/context/stack_context.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace runtime {

class StackPool {
 public:
  static constexpr std::size_t kDefaultSize = 256 * 1024;

  // What a free stack keeps, at its top, for the next fiber: most never get deeper.
  static constexpr std::size_t kKept = 32 * 1024;

  // `size` is the address space of one stack in bytes, its guard page included, and rounded up to whole
  // pages; memory is used only where a fiber has written.
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

  // Memory goes back to the kernel in passes over the free stacks. One that was used since the last pass
  // gives back all but kKept; one that was not gives back the rest. trim() goes on with the pass, for at most
  // `most` stacks that have something to give, and returns for how many: fewer, and the pass is over.
  void begin_trimming() { next_to_trim_ = 0; }
  std::size_t trim(std::size_t most) noexcept;

  // Has `returned` called, once, when the next stack comes back. What it throws is as if it had not been
  // called.
  void tell_of_return(std::function<void()> returned) { returned_ = std::move(returned); }

  static std::size_t whole_pages(std::size_t size);

 private:
  enum class Keeps : unsigned char { all, top, nothing };
  struct Free {
    std::byte* base;
    Keeps keeps;
  };

  void add_slab();
  std::size_t slab_size() const { return size_ * stacks_per_slab_; }
  std::byte* base_of(const void* address) const;

  const std::size_t size_;
  const std::size_t stacks_per_slab_;
  std::vector<std::byte*> slabs_;
  std::vector<Free> free_;
  std::size_t next_to_trim_ = 0;
  std::function<void()> returned_;
};

}  // namespace runtime
