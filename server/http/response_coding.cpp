// How a ResponseWriter compresses what it writes.
#include <algorithm>
#include <string>

#include "http/response_writer.hpp"
#include "runtime/parking.hpp"

namespace http {

// Behind the last change of the fields, before the head is sent.
void ResponseWriter::choose_coding() {
  if (!compression_.on()) return;
  coding_ = compression_.apply(*request_, status_, length_, fields_);
  if (coding_ && !without_body()) compressor_ = compression_.compressor(*coding_);
}

std::error_code ResponseWriter::send_coded(std::string_view body) {
  if (body.size() > kCodingStep) {
    begin_stream();
    left_ = 0;
    if (const auto error = put_coded(body, Compressor::Then::more)) return error;
    return end();
  }
  std::string coded;
  compressor_->compress(body, Compressor::Then::end, coded);
  compressor_.reset();
  coding_.reset();  // so that the head has the length
  length_ = coded.size();
  return put_whole(coded);
}

std::error_code ResponseWriter::put_coded(std::string_view text, Compressor::Then then) {
  std::string coded;
  for (;;) {
    const std::string_view step = text.substr(0, kCodingStep);
    text.remove_prefix(step.size());
    compressor_->compress(step, text.empty() ? then : Compressor::Then::more, coded);
    if (!coded.empty() || !head_sent_) {
      if (const auto error = put_piece(coded)) return error;
    }
    if (text.empty()) return {};
    coded.clear();
    runtime::yield();
  }
}

std::error_code ResponseWriter::put_coded(runtime::FilePart part, runtime::ThreadPool& disk) {
  std::string text;
  while (part.size > 0) {
    text.resize(static_cast<std::size_t>(std::min<std::uint64_t>(part.size, kCodingStep)));
    const auto result = runtime::read_file(part, text, disk);
    if (result.error) return sent(result.error, 0);
    text.resize(result.size);
    part.offset += result.size;
    part.size -= result.size;
    const auto then = part.size > 0 ? Compressor::Then::more : Compressor::Then::flush;
    if (const auto error = put_coded(text, then)) return error;
    if (part.size > 0) runtime::yield();
  }
  return {};
}

}  // namespace http
