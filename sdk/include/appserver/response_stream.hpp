// The body of an answer that is written as it goes: what the function given to stream() gets, for one call.
#pragma once

#include <appserver/detail/head.hpp>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

class ResponseStream {
 public:
  ResponseStream(appserver_exchange* exchange, const detail::Head& head) : exchange_(exchange), head_(head) {}
  ResponseStream(const ResponseStream&) = delete;
  ResponseStream& operator=(const ResponseStream&) = delete;

  // Sends one piece of the body, and the head before the first. Returns when the kernel has taken it: the
  // client's pace is the writer's. An empty piece sends the head alone. Throws ClientGone. [may suspend]
  void write(std::string_view piece) {
    begin();
    detail::check_sent(detail::host.response->write(exchange_, detail::to_abi(piece)));
  }

 private:
  friend class Response;

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
