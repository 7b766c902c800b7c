#include "http/input_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace http {

std::unique_ptr<char[]> BlockPool::take() {
  if (free_.empty()) return std::make_unique_for_overwrite<char[]>(kBlockSize);
  auto block = std::move(free_.back());
  free_.pop_back();
  return block;
}

void BlockPool::give_back(std::unique_ptr<char[]> block) noexcept {
  if (free_.size() < kKept) free_.push_back(std::move(block));
}

std::span<char> InputBuffer::room() {
  if (end_ == capacity_) make_room(1);
  return {memory_.get() + end_, capacity_ - end_};
}

void InputBuffer::append(std::string_view bytes) {
  if (capacity_ - end_ < bytes.size()) make_room(bytes.size());
  std::memcpy(memory_.get() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

void InputBuffer::make_room(std::size_t size) {
  const std::size_t kept = end_ - begin_;
  const std::size_t needed = kept + size;
  if (needed <= capacity_ / 2) {
    std::memmove(memory_.get(), memory_.get() + begin_, kept);
  } else {
    const std::size_t capacity = std::max({BlockPool::kBlockSize, capacity_ * 2, needed});
    auto larger =
        capacity == BlockPool::kBlockSize ? pool_.take() : std::make_unique_for_overwrite<char[]>(capacity);
    if (kept > 0) std::memcpy(larger.get(), memory_.get() + begin_, kept);
    release();
    memory_ = std::move(larger);
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = kept;
}

void InputBuffer::release() noexcept {
  if (capacity_ == BlockPool::kBlockSize) pool_.give_back(std::move(memory_));
  memory_.reset();
  capacity_ = begin_ = end_ = 0;
}

}  // namespace http
