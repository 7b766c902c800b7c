// Hands what http/ knows of a request that has ended to the access log. Owned by the worker; on its thread.
#pragma once

#include "http/request_log.hpp"
#include "observe/access_log.hpp"

namespace worker {

class AccessLogger final : public http::RequestLog {
 public:
  // As AccessLog takes them.
  AccessLogger(int fd, const observe::AccessLogFormat& format) : log_(fd, format) {}

  // Null where nothing is logged.
  http::RequestLog* if_on() { return log_.on() ? this : nullptr; }

  void note(http::Exchange& exchange, int status) noexcept override;

 private:
  observe::AccessLog log_;
};

}  // namespace worker
