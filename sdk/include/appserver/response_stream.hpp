// The body of an answer that is written as it goes: what the function given to stream() gets, for one call.
#pragma once

#include <appserver/detail/head.hpp>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

class ResponseStream {
 public:
  ResponseStream(appserver_exchange* exchange, const detail::Head& head) : exchange_(exchange), head_(head) {}
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  // Sends one piece of the body, and the head before the first. Returns when the kernel has taken it: the
  // client's pace is the writer's. An empty piece sends the head alone. Throws ClientGone, and
  // std::logic_error for more than the length that was given to stream(). [may suspend]
  void write(std::string_view piece) {
    begin();
    check_piece(detail::host.response->write(exchange_, detail::to_abi(piece)));
  }

  // The same with `size` bytes from `offset` of a file, sent by the kernel where it can; no other request
  // waits for the disk. The descriptor stays the caller's. Throws std::system_error too where it is no file
  // or can't be read, std::runtime_error where it is shorter. [may suspend]
  void write_file(int file, std::uint64_t offset, std::uint64_t size) {
    begin();
    check_piece(detail::host.response_body->send_file(exchange_, file, offset, size));
  }

 private:
  friend class Response;

  static void check_piece(int result) {
    if (result == -EMSGSIZE) throw std::logic_error("the answer is longer than the length announced");
    if (result == -ENODATA) throw std::runtime_error("the file is shorter than what is to be sent of it");
    detail::check_sent(result);
  }

  // Settles status and headers: from here on an HttpError is no longer answered.
  void begin() {
    if (begun_) return;
    begun_ = true;
    head_.send(exchange_);
  }

  appserver_exchange* const exchange_;
  const detail::Head& head_;
  bool begun_ = false;
};

}  // namespace appserver
