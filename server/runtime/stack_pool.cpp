#include "runtime/stack_pool.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <new>

#include "runtime/sanitizer.hpp"

namespace runtime {
namespace {

constexpr std::size_t kStacksPerSlab = 64;

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

// Linux 6.13 guards pages without splitting the mapping, of which a process may have only 65,530
// (vm.max_map_count); older kernels take a mapping a guard.
bool guard(std::byte* page) {
  constexpr int kMadvGuardInstall = 102;  // MADV_GUARD_INSTALL, newer than the platforms' headers
  return ::madvise(page, page_size(), kMadvGuardInstall) == 0 ||
         ::mprotect(page, page_size(), PROT_NONE) == 0;
}

}  // namespace

StackPool::StackPool(std::size_t size) : size_((size + page_size() - 1) / page_size() * page_size()) {}

StackPool::~StackPool() {
  for (std::byte* slab : slabs_) ::munmap(slab, size_ * kStacksPerSlab);
}

boost::context::stack_context StackPool::allocate() {
  if (free_.empty()) add_slab();
  std::byte* const base = free_.back();
  free_.pop_back();
  boost::context::stack_context stack;
  stack.size = size_ - page_size();
  stack.sp = base + size_;
  sanitizer::forget(base + page_size(), stack.size);
  return stack;
}

void StackPool::deallocate(boost::context::stack_context& stack) noexcept {
  free_.push_back(static_cast<std::byte*>(stack.sp) - size_);  // add_slab() reserved the place
}

void StackPool::add_slab() {
  slabs_.reserve(slabs_.size() + 1);
  free_.reserve((slabs_.size() + 1) * kStacksPerSlab);
  void* const memory = ::mmap(nullptr, size_ * kStacksPerSlab, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* const slab = static_cast<std::byte*>(memory);
  // A huge page under a stack would make 2 MiB resident for the 4 KiB that a sleeping request needs.
  ::madvise(memory, size_ * kStacksPerSlab, MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < kStacksPerSlab; ++i) {
    if (!guard(slab + i * size_)) {
      ::munmap(memory, size_ * kStacksPerSlab);
      throw std::bad_alloc();  // an unguarded stack is worse than a refused request
    }
  }
  slabs_.push_back(slab);
  for (std::size_t i = kStacksPerSlab; i-- > 0;) free_.push_back(slab + i * size_);
}

std::optional<std::span<std::byte>> StackPool::containing(const void* address) const {
  const auto* const at = static_cast<const std::byte*>(address);
  for (std::byte* slab : slabs_) {
    if (std::less<>{}(at, slab) || !std::less<>{}(at, slab + size_ * kStacksPerSlab)) continue;
    std::byte* const base = slab + static_cast<std::size_t>(at - slab) / size_ * size_;
    return std::span(base + page_size(), size_ - page_size());
  }
  return std::nullopt;
}

}  // namespace runtime
