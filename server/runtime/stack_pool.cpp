#include "runtime/stack_pool.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <new>

#include "runtime/sanitizer.hpp"

namespace runtime {
namespace {

constexpr std::size_t kSlabSize = 16 * 1024 * 1024;  // about; large stacks are alone in theirs

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

std::size_t StackPool::whole_pages(std::size_t size) {
  return (size + page_size() - 1) / page_size() * page_size();
}

StackPool::StackPool(std::size_t size)
    : size_(whole_pages(size)), stacks_per_slab_(std::max<std::size_t>(1, kSlabSize / size_)) {}

StackPool::~StackPool() {
  for (std::byte* slab : slabs_) ::munmap(slab, slab_size());
}

boost::context::stack_context StackPool::allocate() {
  if (free_.empty()) add_slab();
  std::byte* const base = free_.back().base;
  free_.pop_back();
  boost::context::stack_context stack;
  stack.size = size_ - page_size();
  stack.sp = base + size_;
  sanitizer::forget(base + page_size(), stack.size);
  return stack;
}

void StackPool::deallocate(boost::context::stack_context& stack) noexcept {
  // add_slab() reserved the place
  free_.push_back({static_cast<std::byte*>(stack.sp) - size_, Keeps::all});
  if (!returned_) return;
  try {
    returned_();
    returned_ = nullptr;
  } catch (...) {  // the next one tells
  }
}

void StackPool::add_slab() {
  slabs_.reserve(slabs_.size() + 1);
  free_.reserve((slabs_.size() + 1) * stacks_per_slab_);
  void* const memory = ::mmap(nullptr, slab_size(), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* const slab = static_cast<std::byte*>(memory);
  // A huge page under a stack would make 2 MiB resident for the 4 KiB that a sleeping request needs.
  ::madvise(memory, slab_size(), MADV_NOHUGEPAGE);
  for (std::size_t i = 0; i < stacks_per_slab_; ++i) {
    if (!guard(slab + i * size_)) {
      ::munmap(memory, slab_size());
      throw std::bad_alloc();  // an unguarded stack is worse than a refused request
    }
  }
  slabs_.push_back(slab);
  for (std::size_t i = stacks_per_slab_; i-- > 0;) free_.push_back({slab + i * size_, Keeps::nothing});
}

std::size_t StackPool::trim(std::size_t most) noexcept {
  std::size_t trimmed = 0;
  for (; next_to_trim_ < free_.size() && trimmed < most; ++next_to_trim_) {
    Free& stack = free_[next_to_trim_];
    if (stack.keeps == Keeps::nothing) continue;
    stack.keeps = stack.keeps == Keeps::all ? Keeps::top : Keeps::nothing;
    const std::size_t kept = page_size() + (stack.keeps == Keeps::top ? kKept : 0);
    if (size_ > kept) ::madvise(stack.base + page_size(), size_ - kept, MADV_DONTNEED);
    ++trimmed;
  }
  return trimmed;
}

std::optional<std::span<std::byte>> StackPool::containing(const void* address) const {
  std::byte* const base = base_of(address);
  if (!base) return std::nullopt;
  return std::span(base + page_size(), size_ - page_size());
}

// Where the stack whose address space `address` lies in begins, with its guard page; or null.
std::byte* StackPool::base_of(const void* address) const {
  const auto* const at = static_cast<const std::byte*>(address);
  for (std::byte* slab : slabs_) {
    if (std::less<>{}(at, slab) || !std::less<>{}(at, slab + slab_size())) continue;
    return slab + static_cast<std::size_t>(at - slab) / size_ * size_;
  }
  return nullptr;
}

}  // namespace runtime
