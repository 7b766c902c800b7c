#include "http/response_writer.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <new>

#include "http/body_reader.hpp"
#include "http/date.hpp"
#include "http/token.hpp"

namespace http {
namespace {

// An answer up to this size is put together in one piece; a copy is cheaper there than a second buffer, or a
// second call for the part of a file.
constexpr std::size_t kCopied = 8 * 1024;

bool frames_the_message(std::string_view name) {
  switch (name.size()) {
    case 4:
      return same_token(name, "date");
    case 10:
      return same_token(name, "connection");
    case 14:
      return same_token(name, "content-length");
    case 17:
      return same_token(name, "transfer-encoding");
    default:
      return false;
  }
}

std::string_view reason_of(int status) {
  using boost::beast::http::int_to_status;
  if (int_to_status(static_cast<unsigned>(status)) == boost::beast::http::status::unknown) return {};
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {reason.data(), reason.size()};
}

template <typename Number>
std::string_view digits(std::array<char, 24>& buffer, Number number, int base = 10) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, base).ptr;
  return {buffer.data(), end};
}

template <typename Text, typename... Pieces>
void append(Text& out, const Pieces&... pieces) {
  const auto add = [&](std::string_view piece) { out.insert(out.end(), piece.begin(), piece.end()); };
  (add(pieces), ...);
}

// Appends what a file has there, if that needs no waiting.
template <typename Text>
bool append_cached(Text& out, const runtime::FilePart& part) {
  const std::size_t before = out.size();
  out.resize(before + part.size, boost::container::default_init);
  if (runtime::read_cached(part, out.data() + before)) return true;
  out.resize(before);
  return false;
}

iovec piece_of(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

// Whether it is an error of the file that is sent, and none of its client.
bool is_of_file(const std::error_code& error) {
  return error == std::errc::no_message_available || error == std::errc::io_error;
}

std::error_code begun_already() { return std::make_error_code(std::errc::connection_already_in_progress); }

}  // namespace

void ResponseWriter::begin(const RequestHead& head) {
  to_head_ = head.method == "HEAD";
  http10_ = head.minor_version == 0;
  close_ = !head.keep_alive;
  chunked_ = cut_ = client_gone_ = head_sent_ = false;
  body_size_ = 0;
  state_ = State::not_begun;
  request_ = &head;
  restart();
}

void ResponseWriter::restart() {
  status_ = 200;
  length_.reset();
  names_server_ = false;
  fields_.clear();
  coding_.reset();
  compressor_.reset();
}

std::error_code ResponseWriter::set_status(int status) {
  if (begun()) return begun_already();
  if (status < 200 || status > 599) return std::make_error_code(std::errc::invalid_argument);
  status_ = status;
  return {};
}

std::error_code ResponseWriter::add_field(std::string_view name, std::string_view value) {
  if (begun()) return begun_already();
  if (!is_token(name) || !is_field_value(value) || frames_the_message(name)) {
    return std::make_error_code(std::errc::invalid_argument);
  }
  if (same_token(name, "server")) names_server_ = true;
  append(fields_, name, ": ", value, "\r\n");
  return {};
}

std::error_code ResponseWriter::set_length(std::uint64_t length) {
  if (begun()) return begun_already();
  length_ = left_ = length;
  return {};
}

// Whoever has sent the next request already would have to send it again. One that never stops sending must be
// told to go all the same.
bool ResponseWriter::is_last() {
  constexpr int kMostInDrain = 1000;
  return draining_ && (!body_.next_has_come() || ++since_drain_ > kMostInDrain);
}

void ResponseWriter::write_head(Text& out) {
  head_sent_ = true;
  if (is_last() || !body_.leads_to_next(state_ == State::done)) close_ = true;
  body_.answer_begins();
  std::array<char, 24> number;
  append(out, "HTTP/1.1 ", digits(number, status_), " ", reason_of(status_));
  if (!names_server_) append(out, "\r\nServer: appserver");
  append(out, "\r\nDate: ", date_now(), "\r\n", std::string_view(fields_.data(), fields_.size()));
  if (chunked_) {
    append(out, "Transfer-Encoding: chunked\r\n");
  } else if (length_ && !coding_ && !bodiless_status()) {
    append(out, "Content-Length: ", digits(number, *length_), "\r\n");
  }
  if (close_) {
    append(out, "Connection: close\r\n");
  } else if (http10_) {
    append(out, "Connection: keep-alive\r\n");
  }
  append(out, "\r\n");
}

// Where memory runs out in the midst of it, what has been said of an answer is not what goes out.
template <typename Sending>
std::error_code ResponseWriter::or_cut(Sending sending) {
  try {
    return sending();
  } catch (const std::bad_alloc&) {
    if (begun() || compression_.on()) cut();
    throw;
  }
}

std::error_code ResponseWriter::send(std::string_view body) {
  return or_cut([&] { return send_whole(body); });
}

std::error_code ResponseWriter::write(std::string_view piece) {
  return or_cut([&]() -> std::error_code {
    if (const auto error = take_piece(piece.size())) return error;
    return compressor_ ? put_coded(piece, Compressor::Then::flush) : put_piece(piece);
  });
}

std::error_code ResponseWriter::send_file(const runtime::FilePart& part, runtime::ThreadPool& disk) {
  return or_cut([&]() -> std::error_code {
    if (const auto error = take_piece(part.size)) return error;
    return compressor_ ? put_coded(part, disk) : put_file(part, disk);
  });
}

std::error_code ResponseWriter::finish() {
  return or_cut([&] { return end(); });
}

std::error_code ResponseWriter::send_whole(std::string_view body) {
  if (begun()) return begun_already();
  if (status_ == 205) {  // RFC 9110 section 15.3.6
    body = {};
    length_.reset();
  }
  if (!length_) length_ = body.size();
  // The answer to HEAD may have the length of a body that nobody has made.
  const bool length_alone = without_body() && body.empty();
  if (*length_ != body.size() && !length_alone) return std::make_error_code(std::errc::message_size);
  choose_coding();
  return compressor_ ? send_coded(body) : put_whole(body);
}

std::error_code ResponseWriter::put_whole(std::string_view body) {
  state_ = State::done;
  left_ = 0;
  Text out;
  write_head(out);
  if (without_body()) body = {};
  const std::size_t size = body.size();
  if (body.size() <= kCopied) {
    append(out, body);
    body = {};
  }
  std::array pieces = {piece_of({out.data(), out.size()}), piece_of(body)};
  return put(std::span(pieces).first(body.empty() ? 1 : 2), size);
}

// Whatever the handler has set of an answer of its own is left alone: a function that it has offloaded may be
// at it this very moment.
void ResponseWriter::send_at_once(int status, std::string_view text) {
  state_ = State::done;
  close_ = true;
  status_ = status;
  std::array<char, 24> number, length;
  Text out;
  append(out, "HTTP/1.1 ", digits(number, status), " ", reason_of(status),
         "\r\nServer: appserver\r\nDate: ", date_now(),
         "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ", digits(length, text.size()),
         "\r\nConnection: close\r\n\r\n");
  if (!to_head_) {
    append(out, text);
    body_size_ = text.size();
  }
  const iovec piece = piece_of({out.data(), out.size()});
  if (stream_.try_write({&piece, 1}).size < out.size()) cut();
  stream_.shut_down_writing();
}

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

std::string_view ResponseWriter::field(std::string_view name) const {
  std::string_view rest(fields_.data(), fields_.size());
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (same_token(line.substr(0, colon), name)) return line.substr(colon + 2);
    rest.remove_prefix(line.size() + 2);
  }
  return {};
}

}  // namespace http
