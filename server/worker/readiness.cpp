#include "worker/readiness.hpp"

namespace worker {

void Readiness::serve(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head;
  if (path_.empty() || head.path != path_ || (head.method != "GET" && head.method != "HEAD")) {
    return next_.serve(exchange);
  }
  exchange.response.add_field("Cache-Control", "no-store");
  http::answer_with_text(exchange, ready_ ? 200 : 503, ready_ ? "ready" : "stopping");
}

bool Readiness::is_urgent(std::string_view head) const {
  if (!head.starts_with("GET ") && !head.starts_with("HEAD ")) return false;
  const std::size_t target = head.find(' ') + 1;
  return !path_.empty() && head.substr(target).starts_with(path_) &&
         head.substr(target + path_.size()).starts_with(' ');
}

}  // namespace worker
