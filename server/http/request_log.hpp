// Who writes down the requests that have ended: the access log, as a connection sees it. One a worker, or
// none.
#pragma once

namespace http {

struct Exchange;

class RequestLog {
 public:
  // Notes a request that has been answered with `status`, or refused, while its head's views are still good.
  // Must not suspend. In the reactor or on the request's fiber.
  virtual void note(Exchange& exchange, int status) noexcept = 0;

 protected:
  ~RequestLog() = default;
};

// What it is given for a request whose client went away before there was an answer, as nginx has it.
inline constexpr int kClientGone = 499;

}  // namespace http
