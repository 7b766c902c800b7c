// How a ResponseWriter sends the body of an answer: in pieces, of text or of a file.
#include <sys/socket.h>

#include <array>

#include "http/response_text.hpp"
#include "http/response_writer.hpp"

namespace http {
namespace {

// Appends what a file has there, if that needs no waiting.
template <typename Text>
bool append_cached(Text& out, const runtime::FilePart& part) {
  const std::size_t before = out.size();
  out.resize(before + part.size, boost::container::default_init);
  if (runtime::read_cached(part, out.data() + before)) return true;
  out.resize(before);
  return false;
}

// Whether it is an error of the file that is sent, and none of its client.
bool is_of_file(const std::error_code& error) {
  return error == std::errc::no_message_available || error == std::errc::io_error;
}

}  // namespace

// Takes note that a piece of so many bytes is to be sent, and begins the answer with it.
std::error_code ResponseWriter::take_piece(std::uint64_t size) {
  if (state_ == State::done) return begun_already();
  if (status_ == 205) {  // RFC 9110 section 15.3.6
    length_ = left_ = 0;
    size = 0;
  }
  if (length_ && size > left_) return std::make_error_code(std::errc::message_size);
  if (state_ == State::not_begun) {
    choose_coding();
    begin_stream();
  }
  left_ -= length_ ? size : 0;
  return {};
}

void ResponseWriter::begin_stream() {
  state_ = State::streaming;
  // Without chunks, the end of the connection is the end of the body (RFC 9112 section 6.3).
  const bool sized = length_ && !coding_;
  chunked_ = !sized && !http10_ && !bodiless_status();
  if (!sized && http10_) close_ = true;
}

// Puts into `out` what goes before a piece: the head, if it has not been sent, and the size of a chunk.
void ResponseWriter::begin_piece(Text& out, std::uint64_t size) {
  if (!head_sent_) write_head(out);
  // A chunk of no bytes would be the last.
  if (chunked_ && size > 0 && !to_head_) {
    std::array<char, 24> number;
    append(out, digits(number, size, 16), "\r\n");
  }
}

std::error_code ResponseWriter::put_piece(std::string_view piece) {
  Text out;
  begin_piece(out, piece.size());
  if (without_body()) piece = {};
  std::array pieces = {piece_of({out.data(), out.size()}), piece_of(piece),
                       piece_of(chunked_ && !piece.empty() ? "\r\n" : "")};
  return put(pieces, piece.size());
}

std::error_code ResponseWriter::put_file(const runtime::FilePart& part, runtime::ThreadPool& disk) {
  Text out;
  begin_piece(out, part.size);
  if (part.size == 0 || without_body()) return put({out.data(), out.size()});

  const std::string_view end = chunked_ ? "\r\n" : "";
  if (part.size <= kCopied && append_cached(out, part)) {
    append(out, end);
    return put({out.data(), out.size()}, part.size);
  }
  if (const auto error = put({out.data(), out.size()}, 0, MSG_MORE)) return error;
  const auto result = runtime::send_file(stream_, part, limits_.write_timeout, disk);
  if (const auto error = sent(result, part.size)) return error;
  return put(end);
}

std::error_code ResponseWriter::end() {
  if (state_ == State::done) return {};
  if (lacks() > 0) {
    cut();
    return std::make_error_code(std::errc::message_size);
  }
  if (state_ == State::not_begun) return send_whole({});
  if (compressor_) {
    if (const auto error = put_coded({}, Compressor::Then::end)) return error;
    compressor_.reset();
  }
  state_ = State::done;
  if (!chunked_ || to_head_) return {};
  return put("0\r\n\r\n");
}

std::error_code ResponseWriter::put(std::string_view text, std::uint64_t of_body, int flags) {
  iovec piece = piece_of(text);
  return put({&piece, 1}, of_body, flags);
}

std::error_code ResponseWriter::put(std::span<iovec> pieces, std::uint64_t of_body, int flags) {
  if (cut_) return std::make_error_code(std::errc::broken_pipe);
  return sent(stream_.write(pieces, limits_.write_timeout, flags), of_body);
}

// What becomes of an answer after an attempt to send some of it.
std::error_code ResponseWriter::sent(std::error_code error, std::uint64_t of_body) {
  if (!error) {
    body_size_ += of_body;
    return {};
  }
  cut();
  if (is_of_file(error) || error == std::errc::operation_canceled) return error;
  client_gone_ = true;
  return error == std::errc::timed_out ? error : std::make_error_code(std::errc::broken_pipe);
}

}  // namespace http
