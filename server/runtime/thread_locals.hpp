// The `thread_local` variables of a plugin that asks for each of its requests to have them anew: one
// request's copy of them. Owned by the fiber's ThreadState.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace runtime {

// What a thread's copy of a library's variables is made from (ELF Handling For Thread-Local Storage,
// section 3.1). Constant, for as long as the library is loaded.
struct ThreadLocalImage {
  std::size_t module;  // the dynamic linker's number of the library
  const std::byte* initial;
  std::size_t initial_size;
  std::size_t size;  // what is beyond the initial part begins as zeros
  std::size_t alignment;
};

class ThreadLocals {
 public:
  using Destructor = void (*)(void*);

  // `image` outlives it; null: the request has no variables of its own.
  explicit ThreadLocals(const ThreadLocalImage* image) : image_(image) {}
  ~ThreadLocals();
  ThreadLocals(const ThreadLocals&) = delete;
  ThreadLocals& operator=(const ThreadLocals&) = delete;

  // Whether the request has its own of that library.
  bool has(std::size_t module) const noexcept { return image_ && image_->module == module; }

  // Where they are, made at the first call. There is no other way to tell that memory is short than to end
  // the process, as for a thread.
  std::byte* block() noexcept { return block_ ? block_ : make_block(); }

  // Has `destructor(object)` called at the request's end, the last one first; false, and nothing, where the
  // object is none of the variables.
  bool destroy_at_end(Destructor destructor, void* object) noexcept;

  // Destroys them, and what is registered meanwhile. What a destructor throws ends the process.
  void run_down() noexcept;

 private:
  std::byte* make_block() noexcept;

  const ThreadLocalImage* const image_;
  std::byte* block_ = nullptr;
  std::vector<std::pair<Destructor, void*>> destructors_;
};

}  // namespace runtime
