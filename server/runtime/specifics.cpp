#include "runtime/specifics.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace runtime {

void Specifics::key_made(pthread_key_t key, Destructor destructor) noexcept {
  keys_[key].destructor.store(destructor, std::memory_order_relaxed);
  keys_[key].life.fetch_add(1, std::memory_order_release);
}

void Specifics::key_gone(pthread_key_t key) noexcept {
  if (key >= keys_.size()) return;
  std::uint64_t life = keys_[key].life.load(std::memory_order_relaxed);
  if (life % 2 == 1) keys_[key].life.compare_exchange_strong(life, life + 1);
}

int Specifics::set(pthread_key_t key, const void* value) noexcept {
  if (key >= size_) {
    if (!value) return 0;
    constexpr pthread_key_t kStep = 32;
    const pthread_key_t size = key / kStep * kStep + kStep;
    std::unique_ptr<Slot[]> larger(new (std::nothrow) Slot[size]());
    if (!larger) return ENOMEM;
    std::copy_n(slots_.get(), size_, larger.get());
    slots_ = std::move(larger);
    size_ = size;
  }
  slots_[key] = {keys_[key].life.load(std::memory_order_relaxed), const_cast<void*>(value)};
  return 0;
}

void Specifics::run_down() noexcept {
  bool found = size_ > 0;
  for (int round = 0; found && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    found = false;
    for (pthread_key_t key = 0; key < size_; ++key) {
      void* const value = get(key);
      slots_[key].value = nullptr;
      const Destructor destructor = keys_[key].destructor.load(std::memory_order_relaxed);
      if (!value || !destructor) continue;
      found = true;
      destructor(value);
    }
  }
  size_ = 0;  // first: an allocator may look here while it takes them back
  slots_.reset();
}

}  // namespace runtime
