// A worker's stacks: a pool of the usual ones, and a pool for each other size that a plugin asks for. It sees
// to it that memory of a stack that was once used deeply goes back to the kernel. Owned by the worker.
#pragma once

#include <map>

#include "runtime/clock.hpp"
#include "runtime/reactor.hpp"
#include "runtime/stack_pool.hpp"
#include "runtime/timer.hpp"

namespace runtime {

class Stacks {
 public:
  explicit Stacks(Reactor& reactor);

  StackPool& usual() { return usual_; }

  // Stacks of `size` bytes of address space, the guard page included.
  StackPool& of_size(std::size_t size);

  // The stack of any of the pools that holds `address`, if one does.
  std::optional<std::span<std::byte>> containing(const void* address) const;

 private:
  void rest();
  void begin_pass_later();
  void trim();

  std::map<std::size_t, StackPool> pools_;  // by size

  // A pass begins a second after the last one. No timer runs once a pass has found nothing to give back,
  // until a stack is used again.
  Timer timer_;
  bool resting_ = true;
  bool pass_gave_ = false;  // memory back, so far

  StackPool& usual_;
};

}  // namespace runtime
