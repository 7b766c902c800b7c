#include "http/exchange.hpp"

#include <string>

namespace http {

void Exchange::restart(std::string_view head_text) {
  head.clear();
  client_.reset();
  text = head_text;
  received = {};
}

const Client& Exchange::client() {
  if (!client_) client_.emplace(head, peer_, proxies_);
  return *client_;
}

void answer_with_text(Exchange& exchange, int status, std::string_view text) {
  ResponseWriter& response = exchange.response;
  if (response.begun()) return;
  response.set_status(status);
  response.add_field("Content-Type", "text/plain; charset=utf-8");
  response.send(std::string(text) + '\n');
}

}  // namespace http
