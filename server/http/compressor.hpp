// What compresses bodies as they come. The memory of each does not grow with its body: 260 KiB for gzip, 2
// MiB for brotli. [worker]
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/coding.hpp"

namespace http {

// One for each body.
class Compressor {
 public:
  // What is due behind a piece: nothing yet, all that the client needs to read the piece, or the end of the
  // body.
  enum class Then { more, flush, end };

  virtual ~Compressor() = default;

  // Appends to `out` what `text` comes to. Computes: a piece of 32 KiB takes about a millisecond. Throws
  // std::bad_alloc.
  virtual void compress(std::string_view text, Then then, std::string& out) = 0;

  // Makes ready for another body, whatever came of this one. False where a new compressor costs no more.
  virtual bool restart() noexcept { return false; }
};

// A worker's compressors. Those of gzip are used again: the kernel takes 50 us to find 260 KiB for a new one.
class Compressors {
 public:
  struct GiveBack {
    Compressors* owner;
    void operator()(Compressor* compressor) const noexcept { owner->take_back(compressor); }
  };
  using Lease = std::unique_ptr<Compressor, GiveBack>;

  // `coding` is one that this build has: gzip, and brotli where its library was found. The lease ends before
  // this does. Throws std::bad_alloc.
  Lease lease(Coding coding);

 private:
  static constexpr std::size_t kMostAtRest = 8;

  void take_back(Compressor* compressor) noexcept;

  std::vector<std::unique_ptr<Compressor>> at_rest_;  // all of gzip
};

}  // namespace http
