#include "http/body_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace http {
namespace {

// How much of a body that no handler read is worth reading to keep the connection.
constexpr std::size_t kMostSkipped = 256 * 1024;
constexpr std::size_t kReadAllStep = 16 * 1024;

}  // namespace

void BodyReader::begin(const RequestHead& head) {
  chunked_ = head.chunked;
  length_ = head.content_length.value_or(0);
  left_ = chunked_ ? limits_.request_body : length_;
  failure_.clear();
  ended_early_ = false;
  decoder_ = ChunkDecoder(limits_);
  trailers_.clear();
  surplus_.clear();
  continue_awaited_ = head.expects_continue && !at_end() && input_.empty();
}

bool BodyReader::set_limit(std::uint64_t limit) {
  if (chunked_) left_ = limit;
  return chunked_ || left_ <= limit;
}

runtime::IoResult BodyReader::read(std::span<char> into) {
  if (failure_) return {0, failure_};
  if (into.empty() || at_end()) return {};
  try {
    return chunked_ ? read_chunked(into) : read_of_length(into);
  } catch (const std::bad_alloc&) {
    failed(std::errc::not_enough_memory);  // what has been decoded is lost, and the place of the next request
    throw;
  }
}

runtime::IoResult BodyReader::read_of_length(std::span<char> into) {
  into = into.first(std::min<std::uint64_t>(into.size(), left_));
  runtime::IoResult result;
  if (!input_.empty()) {
    result.size = std::min(into.size(), input_.unread().size());
    std::memcpy(into.data(), input_.unread().data(), result.size);
    input_.consume(result.size);
  } else {
    result = receive(into);
  }
  left_ -= result.size;
  return result;
}

runtime::IoResult BodyReader::read_chunked(std::span<char> into) {
  for (;;) {
    ChunkDecoder::Result decoded;
    if (!input_.empty()) {
      decoded = decoder_.decode(input_.unread(), into);
      input_.consume(decoded.consumed);
    } else {
      // The input buffer can't grow under the head's views, and needs not: a chunk decodes in its place.
      const auto received = receive(into);
      if (received.error) return received;
      const std::string_view raw(into.data(), received.size);
      decoded = decoder_.decode(raw, into);
      surplus_ = raw.substr(decoded.consumed);
    }
    if (decoder_.broken()) return failed(std::errc::bad_message);
    if (decoded.produced > left_) return failed(std::errc::message_size);
    left_ -= decoded.produced;
    if (decoder_.done()) trailers_ = decoder_.trailers();
    if (decoded.produced > 0 || decoder_.done()) return {decoded.produced, {}};
  }
}

runtime::IoResult BodyReader::receive(std::span<char> into) {
  if (continue_awaited_) {
    continue_awaited_ = false;
    char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    iovec piece{text, sizeof text - 1};
    if (stream_.write({&piece, 1}, limits_.write_timeout)) return failed(std::errc::connection_reset);
  }
  const auto result = stream_.read(into, runtime::deadline_after(limits_.body_timeout));
  if (result.error == std::errc::timed_out) return failed(std::errc::timed_out);
  if (result.error == std::errc::operation_canceled) return failed(std::errc::operation_canceled);
  ended_early_ = !result.error && result.size == 0;
  if (result.error || ended_early_) return failed(std::errc::connection_reset);
  return result;
}

runtime::IoResult BodyReader::failed(std::errc error) {
  failure_ = std::make_error_code(error);
  return {0, failure_};
}

std::error_code BodyReader::read_all(std::string& whole) {
  if (failure_) return failure_;
  while (!at_end()) {
    const std::size_t size = whole.size();
    whole.resize(size + (chunked_ ? kReadAllStep : std::min<std::uint64_t>(left_, kReadAllStep)));
    const auto result = read(std::span(whole).subspan(size));
    whole.resize(size + result.size);
    if (result.error) return result.error;
  }
  return {};
}

bool BodyReader::leads_to_next(bool whole) const {
  // A client that was not told to send its body may send it or not: where the next request begins can't be
  // known (RFC 9110 section 10.1.1).
  if (continue_awaited_ || failure_) return false;
  return !whole || chunked_ || left_ <= kMostSkipped;
}

bool BodyReader::finish() {
  if (failure_) return false;
  std::size_t skipped = 0;
  std::array<char, 4096> nowhere;
  while (!at_end()) {
    const auto result = read(nowhere);
    skipped += result.size;
    if (result.error || skipped > kMostSkipped) return false;
  }
  if (!surplus_.empty()) input_.append(surplus_);
  return true;
}

}  // namespace http
