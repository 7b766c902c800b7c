#include "worker/access_logger.hpp"

#include <ctime>
#include <exception>
#include <string_view>

#include "http/exchange.hpp"

namespace worker {
namespace {

// The first line of a head that one empty line may precede (RFC 9112 section 2.2), whole or not. A bare CR in
// it is shown, not taken for its end.
std::string_view request_line(std::string_view head) {
  for (const char c : {'\r', '\n'}) {
    if (head.starts_with(c)) head.remove_prefix(1);
  }
  const std::string_view line = head.substr(0, head.find('\n'));
  return line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0));
}

class Entry final : public observe::AccessEntry {
 public:
  Entry(http::Exchange& exchange, int answered) : exchange_(exchange) {
    const http::RequestHead& head = exchange.head;
    client = exchange.client().address();
    line = request_line(exchange.text);
    if (!head.path.empty()) {
      method = head.method;
      path = head.path;
      query = head.query;
      protocol = line.substr(line.rfind(' ') + 1);
    }
    status = answered;
    body_size = exchange.response.body_size();
    if (exchange.received != runtime::TimePoint()) took = runtime::Clock::now() - exchange.received;
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    ended = now.tv_sec;
  }

  std::string_view request_field(std::string_view name) const override {
    const http::Field* const field = exchange_.head.find(name);
    return field ? field->value : std::string_view();
  }
  std::string_view response_field(std::string_view name) const override {
    return exchange_.response.field(name);
  }

 private:
  const http::Exchange& exchange_;
};

}  // namespace

void AccessLogger::note(http::Exchange& exchange, int status) noexcept {
  try {
    log_.write(Entry(exchange, status));
  } catch (const std::exception&) {  // no memory, not even to say so
  }
}

}  // namespace worker
