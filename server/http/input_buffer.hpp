// What has been read from a connection and not yet been used. Its memory comes from a pool and goes back
// when nothing is left in it, so that an idle connection has none.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace http {

// Blocks for input buffers, used again last in, first out. One a worker; outlives its buffers.
class BlockPool {
 public:
  static constexpr std::size_t kBlockSize = 2048;  // holds the head of most requests

  BlockPool() { free_.reserve(kKept); }

  std::unique_ptr<char[]> take();
  void give_back(std::unique_ptr<char[]> block) noexcept;

 private:
  static constexpr std::size_t kKept = 1024;
  std::vector<std::unique_ptr<char[]>> free_;
};

class InputBuffer {
 public:
  explicit InputBuffer(BlockPool& pool) : pool_(pool) {}
  ~InputBuffer() { release(); }
  InputBuffer(const InputBuffer&) = delete;
  InputBuffer& operator=(const InputBuffer&) = delete;

  std::string_view unread() const { return {memory_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t size) { begin_ += size; }

  // Room for at least one byte more, behind what is unread; views into it from before are gone.
  std::span<char> room();
  void filled(std::size_t size) { end_ += size; }

  // Adds bytes; views into it from before are gone.
  void append(std::string_view bytes);

  // Gives the memory back. What is unread is lost.
  void release() noexcept;

 private:
  void make_room(std::size_t size);

  BlockPool& pool_;
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace http
