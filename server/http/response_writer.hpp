// Writes one answer to its connection, whole or piece by piece, at the pace of the client. Part of an
// Exchange.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include "http/compression.hpp"
#include "http/limits.hpp"
#include "http/request_head.hpp"
#include "runtime/send_file.hpp"
#include "runtime/stream.hpp"

namespace http {

class BodyReader;

class ResponseWriter {
 public:
  // `body` is the request's, which may stand between this answer and the next request. `draining` says, at
  // any time, whether each answer is to be its connection's last, unless the next request has come already.
  ResponseWriter(runtime::Stream& stream, BodyReader& body, const Limits& limits, Compression& compression,
                 const bool& draining)
      : stream_(stream), body_(body), limits_(limits), compression_(compression), draining_(draining) {}

  // Makes ready for the answer to `head`, which outlives it.
  void begin(const RequestHead& head);

  int status() const { return status_; }
  bool begun() const { return state_ != State::not_begun; }

  // For the log: bytes of the body that went out, and the first field of that name among those added; ""
  // where there is none.
  std::uint64_t body_size() const { return body_size_; }
  std::string_view field(std::string_view name) const;

  // Errors of these: invalid_argument, and connection_already_in_progress once the head has been sent.
  std::error_code set_status(int status);
  // Refuses the fields that frame the message: those are written here.
  std::error_code add_field(std::string_view name, std::string_view value);
  // Announces how long a streamed body will be: its answer has a Content-Length and no chunks.
  std::error_code set_length(std::uint64_t length);

  // Sends the answer whole. Errors of these: connection_already_in_progress where one was begun,
  // message_size, with nothing sent, where the length announced is another, broken_pipe, timed_out.
  // [worker, may suspend]
  std::error_code send(std::string_view body);

  // Sends the head, if that has not been done, and a piece of the body. [worker, may suspend]
  std::error_code write(std::string_view piece);

  // The same with a piece from a file; `disk` as in runtime::send_file, whose errors of the file come too and
  // cut the answer. [worker, may suspend]
  std::error_code send_file(const runtime::FilePart& part, runtime::ThreadPool& disk);

  // How many bytes the body lacks of the length announced; 0 where no body is sent.
  std::uint64_t lacks() const { return length_ && !without_body() ? left_ : 0; }

  // Ends the answer: sends the last chunk of a streamed one, or one without a body where none was begun. One
  // that lacks something is cut. [worker, may suspend]
  std::error_code finish();

  // Forgets what has been set of an answer that was not begun.
  void restart();

  // Sends a short answer whole from the reactor, as far as the kernel takes it, where none was begun: the
  // handler that was to make one has taken too long. It ends the connection.
  void send_at_once(int status, std::string_view text);

  // Whether all of it has been handed to the connection.
  bool ended() const { return state_ == State::done && !cut_; }

  // Gives up an answer that was begun: the client must see that it was cut.
  void cut() { close_ = cut_ = true; }

  // Whether the connection ends with this answer.
  bool closes() const { return close_; }
  void close_after() { close_ = true; }
  bool was_cut() const { return cut_; }

  // Whether it was cut because the client went away, or stopped reading.
  bool client_gone() const { return client_gone_; }

 private:
  enum class State { not_begun, streaming, done };

  // What is compressed in one go, before others have their turn. A whole answer that is no longer has a
  // length when it is compressed, too.
  static constexpr std::size_t kCodingStep = 32 * 1024;

  // Heads and small answers are put together without an allocation.
  using Text = boost::container::small_vector<char, 512>;
  void choose_coding();
  void write_head(Text& out);
  template <typename Sending>
  std::error_code or_cut(Sending sending);
  std::error_code send_whole(std::string_view body);
  std::error_code put_whole(std::string_view body);
  std::error_code send_coded(std::string_view body);
  void begin_stream();
  std::error_code take_piece(std::uint64_t size);
  void begin_piece(Text& out, std::uint64_t size);
  std::error_code put_piece(std::string_view piece);
  std::error_code put_file(const runtime::FilePart& part, runtime::ThreadPool& disk);
  std::error_code end();
  std::error_code put_coded(std::string_view text, Compressor::Then then);
  std::error_code put_coded(runtime::FilePart part, runtime::ThreadPool& disk);
  std::error_code put(std::span<iovec> pieces, std::uint64_t of_body, int flags = 0);
  std::error_code put(std::string_view text, std::uint64_t of_body = 0, int flags = 0);
  std::error_code sent(std::error_code error, std::uint64_t of_body);
  bool is_last();
  bool bodiless_status() const { return status_ == 204 || status_ == 304; }
  bool without_body() const { return to_head_ || bodiless_status() || status_ == 205; }

  runtime::Stream& stream_;
  BodyReader& body_;
  const Limits& limits_;
  Compression& compression_;
  const bool& draining_;

  const RequestHead* request_ = nullptr;
  State state_ = State::not_begun;
  bool head_sent_ = false;
  int status_ = 200;
  std::optional<Coding> coding_;  // of the body, if it is compressed
  Compressors::Lease compressor_;
  std::optional<std::uint64_t> length_;  // of the body as its handler writes it, once it is known
  std::uint64_t left_ = 0;               // of the length announced
  std::uint64_t body_size_ = 0;          // so far
  bool to_head_ = false;                 // the answer to HEAD: all but the body
  bool http10_ = false;
  bool chunked_ = false;
  bool close_ = false;
  bool cut_ = false;
  bool client_gone_ = false;
  boost::container::small_vector<char, 256> fields_;  // as they are sent
  int since_drain_ = 0;                               // answers that left room for the next
  bool names_server_ = false;                         // one of them is the plugin's own Server
};

}  // namespace http
