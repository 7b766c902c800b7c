// Compresses one body as it comes. Its memory does not grow with the body: 260 KiB for gzip, 2 MiB for
// brotli. Owned by the writer of the answer. [worker]
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/coding.hpp"

namespace http {

class Compressor {
 public:
  // What is due behind a piece: nothing yet, all that the client needs to read the piece, or the end of the
  // body.
  enum class Then { more, flush, end };

  virtual ~Compressor() = default;

  // Appends to `out` what `text` comes to. Computes: a piece of 32 KiB takes about a millisecond. Throws
  // std::bad_alloc.
  virtual void compress(std::string_view text, Then then, std::string& out) = 0;
};

// `coding` is one that this build has: gzip, and brotli where its library was found. Throws std::bad_alloc.
std::unique_ptr<Compressor> make_compressor(Coding coding);

}  // namespace http
