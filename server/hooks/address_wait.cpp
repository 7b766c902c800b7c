#include "hooks/address_wait.hpp"

#include <pthread.h>

#include <array>
#include <atomic>
#include <climits>
#include <cstdint>

#include "hooks/real.hpp"

namespace hooks {

using runtime::Cut;
using runtime::TimePoint;
using runtime::Wake;

struct alignas(64) AddressWait::Bucket {
  static std::array<Bucket, 256> all;

  std::atomic<unsigned> waiting{0};
  std::atomic<bool> locked{false};
  AddressWait* first = nullptr;
  AddressWait** end = &first;

  void push(AddressWait& wait) {
    wait.link_ = end;
    *end = &wait;
    end = &wait.next_;
    waiting.fetch_add(1, std::memory_order_relaxed);
  }

  void remove(AddressWait& wait) {
    *wait.link_ = wait.next_;
    (wait.next_ ? wait.next_->link_ : end) = wait.link_;
    wait.link_ = nullptr;
    waiting.fetch_sub(1, std::memory_order_relaxed);
  }

  // Takes up to `most` out that `matches` picks, and wakes them.
  template <typename Matches>
  int wake(int most, Matches matches) noexcept;

  // A lock of our own: a mutex's would come back here through its hooks.
  class Lock {
   public:
    explicit Lock(Bucket& bucket) : bucket_(bucket) {
      holds_ = true;
      while (bucket_.locked.exchange(true, std::memory_order_acquire)) real::sched_yield();
    }
    ~Lock() {
      bucket_.locked.store(false, std::memory_order_release);
      holds_ = false;
      if (missed_) [[unlikely]]
        wake_missed();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    // Whether the calling thread holds one: a signal's handler, which sem_post(3) and futex(2) are open to,
    // would wait for itself. All that wait for anything are then woken for nothing, which each can be.
    static bool is_missed() noexcept {
      if (holds_) missed_ = true;
      return holds_;
    }

   private:
    [[gnu::cold]] static void wake_missed() noexcept {
      missed_ = false;
      for (Bucket& bucket : all) bucket.wake(INT_MAX, [](const AddressWait&) { return true; });
    }

    static inline constinit thread_local volatile bool holds_ = false;
    static inline constinit thread_local volatile bool missed_ = false;

    Bucket& bucket_;
  };
};

constinit std::array<AddressWait::Bucket, 256> AddressWait::Bucket::all;

AddressWait::Bucket& AddressWait::bucket_of(const void* address) noexcept {
  const auto bits = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address));
  return Bucket::all[bits * 0x9E3779B97F4A7C15u >> 56];  // Fibonacci hashing
}

// In the child of a fork nobody waits, for the fibers are the parent's, and nobody lets go of a bucket that
// another thread had locked.
void AddressWait::forget_all() noexcept {
  for (Bucket& bucket : Bucket::all) {
    if (!bucket.waiting.load(std::memory_order_relaxed) && !bucket.locked.load(std::memory_order_relaxed)) {
      continue;
    }
    bucket.waiting.store(0, std::memory_order_relaxed);
    bucket.locked.store(false, std::memory_order_relaxed);
    bucket.first = nullptr;
    bucket.end = &bucket.first;
  }
}

[[maybe_unused]] const int AddressWait::at_fork_ = ::pthread_atfork(nullptr, nullptr, forget_all);

AddressWait::AddressWait(runtime::Reactor& reactor, const void* address) : address_(address), wake_(reactor) {
  Bucket& bucket = bucket_of(address);
  {
    const Bucket::Lock lock(bucket);
    bucket.push(*this);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);  // pairs with that of wake_at()
}

AddressWait::~AddressWait() {
  // One that has been chosen is woken, whether or not it waits: until then it has to stay.
  if (!left_ && !leave()) wake_.wait_until();
}

bool AddressWait::leave() noexcept {
  Bucket& bucket = bucket_of(address_);
  const Bucket::Lock lock(bucket);
  if (!link_) return false;
  bucket.remove(*this);
  left_ = true;
  return true;
}

Wake AddressWait::wait_until(TimePoint deadline, Cut cut) {
  const Wake wake = wake_.wait_until(deadline, cut);
  if (wake != Wake::signalled && leave()) return wake;
  return wake_.wait_until();  // chosen in this very moment
}

template <typename Matches>
int AddressWait::Bucket::wake(int most, Matches matches) noexcept {
  AddressWait* chosen = nullptr;
  AddressWait** last = &chosen;
  int count = 0;
  {
    const Lock lock(*this);
    for (AddressWait* wait = first; wait && count < most;) {
      AddressWait* const next = wait->next_;
      if (matches(*wait)) {
        remove(*wait);
        wait->next_ = nullptr;
        *last = wait;
        last = &wait->next_;
        ++count;
      }
      wait = next;
    }
  }
  while (chosen) {
    AddressWait* const next = chosen->next_;
    chosen->wake_.wake();
    chosen = next;
  }
  return count;
}

int wake_at(const void* address, int most) noexcept {
  AddressWait::Bucket& bucket = AddressWait::bucket_of(address);
  // Either this sees who has registered, or that one sees what was changed before (Dekker).
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (bucket.waiting.load(std::memory_order_relaxed) == 0) return 0;

  if (AddressWait::Bucket::Lock::is_missed()) return 0;
  return bucket.wake(most, [=](const AddressWait& wait) { return wait.address_ == address; });
}

}  // namespace hooks
