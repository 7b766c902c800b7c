#include "http/response_writer.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <new>

#include "http/body_reader.hpp"
#include "http/date.hpp"
#include "http/response_text.hpp"
#include "http/token.hpp"

namespace http {
namespace {

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
