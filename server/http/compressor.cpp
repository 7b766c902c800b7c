#include "http/compressor.hpp"

#include <zlib.h>

#include <new>
#include <utility>
#ifdef APPSERVER_BROTLI
#include <brotli/encode.h>
#endif

namespace http {
namespace {

// Room is made in steps of this size.
constexpr std::size_t kStep = 16 * 1024;

class Gzip final : public Compressor {
 public:
  Gzip() {
    // Half the time of zlib's own choice, 6, for 2 % more bytes of source code.
    constexpr int kLevel = 5;
    constexpr int kWindowBits = 15 + 16;  // 16 makes it gzip (RFC 1952)
    constexpr int kMemoryLevel = 8;
    if (::deflateInit2(&stream_, kLevel, Z_DEFLATED, kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Gzip() override { ::deflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  void compress(std::string_view text, Then then, std::string& out) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    const int flush = then == Then::end ? Z_FINISH : then == Then::flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    do {
      const std::size_t size = out.size();
      out.resize(size + kStep);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + size);
      stream_.avail_out = kStep;
      ::deflate(&stream_, flush);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  bool restart() noexcept override { return ::deflateReset(&stream_) == Z_OK; }

 private:
  z_stream stream_{};
};

#ifdef APPSERVER_BROTLI
class Brotli final : public Compressor {
 public:
  Brotli() : encoder_(::BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (!encoder_) throw std::bad_alloc();
    // As fast as gzip above, for 5 % fewer bytes; a window of 64 KiB bounds the memory.
    ::BrotliEncoderSetParameter(encoder_.get(), BROTLI_PARAM_QUALITY, 5);
    ::BrotliEncoderSetParameter(encoder_.get(), BROTLI_PARAM_LGWIN, 16);
  }

  void compress(std::string_view text, Then then, std::string& out) override {
    const auto operation = then == Then::end     ? BROTLI_OPERATION_FINISH
                           : then == Then::flush ? BROTLI_OPERATION_FLUSH
                                                 : BROTLI_OPERATION_PROCESS;
    const auto* next = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t left = text.size();
    do {
      std::size_t no_room = 0;
      if (!::BrotliEncoderCompressStream(encoder_.get(), operation, &left, &next, &no_room, nullptr,
                                         nullptr)) {
        throw std::bad_alloc();
      }
      std::size_t size = 0;
      const auto* const ready = ::BrotliEncoderTakeOutput(encoder_.get(), &size);
      out.append(reinterpret_cast<const char*>(ready), size);
    } while (left > 0 || ::BrotliEncoderHasMoreOutput(encoder_.get()));
  }

 private:
  struct Destroy {
    void operator()(BrotliEncoderState* encoder) const { ::BrotliEncoderDestroyInstance(encoder); }
  };
  const std::unique_ptr<BrotliEncoderState, Destroy> encoder_;
};
#endif

}  // namespace

Compressors::Lease Compressors::lease([[maybe_unused]] Coding coding) {
#ifdef APPSERVER_BROTLI
  if (coding == Coding::brotli) return {new Brotli, GiveBack{this}};
#endif
  if (at_rest_.empty()) {
    at_rest_.reserve(kMostAtRest);  // so that giving back can't fail
    return {new Gzip, GiveBack{this}};
  }
  Lease lease(at_rest_.back().release(), GiveBack{this});
  at_rest_.pop_back();
  return lease;
}

void Compressors::take_back(Compressor* compressor) noexcept {
  std::unique_ptr<Compressor> owned(compressor);
  if (at_rest_.size() < kMostAtRest && owned->restart()) at_rest_.push_back(std::move(owned));
}

}  // namespace http
