// Thread-specific data (pthread_key_create(3)) of one request's fiber: a key is a real one of the process,
// and has here the fiber's own value for it. Owned by the fiber's ThreadState.
#pragma once

#include <limits.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace runtime {

class Specifics {
 public:
  using Destructor = void (*)(void*);

  // A real key has been made, or is about to be deleted: from then on its number means another key.
  // [any thread]
  static void key_made(pthread_key_t key, Destructor destructor) noexcept;
  static void key_gone(pthread_key_t key) noexcept;

  // Whether fibers have their own values under it: not under one that has been made unseen.
  static bool is_key(pthread_key_t key) noexcept {
    return key < keys_.size() && keys_[key].life.load(std::memory_order_acquire) % 2 == 1;
  }

  void* get(pthread_key_t key) const noexcept {
    if (key >= size_) return nullptr;
    const Slot& slot = slots_[key];
    return slot.life == keys_[key].life.load(std::memory_order_relaxed) ? slot.value : nullptr;
  }

  // 0, or ENOMEM. For a key only.
  int set(pthread_key_t key, const void* value) noexcept;

  // Calls the keys' destructors for the values that are left, and again for those that these leave, as at a
  // thread's end (POSIX, pthread_key_create). What a destructor throws ends the process, as it does there.
  void run_down() noexcept;

 private:
  struct Key {
    std::atomic<std::uint64_t> life;  // odd while there is such a key, another for each that had its number
    std::atomic<Destructor> destructor;
  };
  struct Slot {
    std::uint64_t life;
    void* value;
  };

  static inline constinit std::array<Key, PTHREAD_KEYS_MAX> keys_{};

  std::unique_ptr<Slot[]> slots_;
  pthread_key_t size_ = 0;
};

}  // namespace runtime
