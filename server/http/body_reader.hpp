// Reads one request's body from its connection, decoded, at the pace of the reader. Part of an Exchange.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "http/chunk_decoder.hpp"
#include "http/input_buffer.hpp"
#include "http/limits.hpp"
#include "http/request_head.hpp"
#include "runtime/stream.hpp"

namespace http {

class BodyReader {
 public:
  BodyReader(runtime::Stream& stream, InputBuffer& input, const Limits& limits)
      : stream_(stream), input_(input), limits_(limits), decoder_(limits) {}

  // Makes ready for the body that `head` announces; what of it has come already is in the input buffer.
  void begin(const RequestHead& head);

  // What the body may be at most, in bytes: the server's limit, unless it is set for this body. False where a
  // longer one has been announced. To be called before it is read.
  bool set_limit(std::uint64_t limit);
  std::uint64_t server_limit() const { return limits_.request_body; }

  // The length announced; 0 where there is no body, -1 where it is chunked.
  std::int64_t length() const {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    return chunked_ ? -1 : static_cast<std::int64_t>(std::min(length_, kMost));
  }

  // Reads the next bytes; none at the end of the body. Errors: message_size (past the limit), bad_message
  // (badly framed), timed_out, connection_reset; the connection can't go on after any of them.
  // [worker, may suspend]
  runtime::IoResult read(std::span<char> into);

  // Reads what is left, to `whole`. [worker, may suspend]
  std::error_code read_all(std::string& whole);

  // The trailer fields of a body that is at its end, which may have none; they live until the next begins.
  // Never merged with the head's (RFC 9110 section 6.5.1).
  std::span<const Field> trailers() const { return trailers_; }

  // What an answer's head must say of its connection: whether the next request can still be found behind this
  // body. No more of it is read once the answer is `whole`, but to find that.
  bool leads_to_next(bool whole) const;

  // The answer's head goes out now: 100 Continue would come too late (RFC 9110 section 10.1.1).
  void answer_begins() { continue_awaited_ = false; }

  bool at_end() const { return chunked_ ? decoder_.done() : left_ == 0; }

  // Whether the whole body has been read, and bytes of the next request have come behind it.
  bool next_has_come() const {
    return at_end() && (!input_.empty() || !surplus_.empty() || stream_.has_unread());
  }

  // Whether the client said, in the midst of its body, that it sends no more: it may still read.
  bool ended_early() const { return ended_early_; }

  // Whether the client went away, or stopped sending, in the midst of its body.
  bool client_gone() const {
    return failure_ == std::errc::connection_reset || failure_ == std::errc::timed_out;
  }

  // Ends the body: reads past what no handler wanted and leaves the input buffer where the next request
  // begins. False where that can't be had, or would take too long. The head's views are gone after it.
  // [worker, may suspend]
  bool finish();

 private:
  runtime::IoResult read_of_length(std::span<char> into);
  runtime::IoResult read_chunked(std::span<char> into);
  runtime::IoResult receive(std::span<char> into);
  runtime::IoResult failed(std::errc error);

  runtime::Stream& stream_;
  InputBuffer& input_;
  const Limits& limits_;

  bool chunked_ = false;
  std::uint64_t length_ = 0;       // as it was announced
  std::uint64_t left_ = 0;         // of the length, or of the limit where it is chunked
  bool continue_awaited_ = false;  // the client sends its body when it is told to
  bool ended_early_ = false;
  std::error_code failure_;  // the first one; every read after it fails too
  ChunkDecoder decoder_;
  std::vector<Field> trailers_;  // views into the decoder
  std::string surplus_;          // bytes of the next request that came with the last of a chunked body
};

}  // namespace http
