#include "runtime/thread_locals.hpp"

#include <algorithm>
#include <functional>
#include <new>

namespace runtime {

std::byte* ThreadLocals::make_block() noexcept {
  block_ = static_cast<std::byte*>(::operator new(image_->size, std::align_val_t(image_->alignment)));
  std::byte* const rest = std::copy_n(image_->initial, image_->initial_size, block_);
  std::fill(rest, block_ + image_->size, std::byte{});
  return block_;
}

ThreadLocals::~ThreadLocals() {
  if (block_) ::operator delete(block_, std::align_val_t(image_->alignment));
}

bool ThreadLocals::destroy_at_end(Destructor destructor, void* object) noexcept {
  const auto* const at = static_cast<const std::byte*>(object);
  if (!block_ || std::less<>{}(at, block_) || !std::less<>{}(at, block_ + image_->size)) return false;
  destructors_.emplace_back(destructor, object);
  return true;
}

void ThreadLocals::run_down() noexcept {
  while (!destructors_.empty()) {
    const auto [destructor, object] = destructors_.back();
    destructors_.pop_back();
    destructor(object);
  }
}

}  // namespace runtime
