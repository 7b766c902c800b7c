// The head of an answer, kept until the first byte of the body is to go: until then an error can still be
// answered with a status of its own.
#pragma once

#include <appserver/detail/format.hpp>
#include <appserver/detail/host.hpp>
#include <appserver/error.hpp>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct Head {
  int status = 200;
  std::string_view content_type;  // a literal, or empty: what text() and json() need, without an allocation
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::uint64_t> length;  // of a body that is streamed

  // Throws std::invalid_argument for what may not stand in a head, and std::logic_error where one was sent.
  void send(appserver_exchange* exchange) const {
    if (status != 200) {
      check_head(host.response->set_status(exchange, status), "status {} is not one of 200 to 599", status);
    }
    if (!content_type.empty()) add(exchange, "Content-Type", content_type);
    for (const auto& [name, value] : headers) add(exchange, name, value);
    if (length) check(host.response_body->set_length(exchange, *length), "announcing the answer's length");
  }

 private:
  static void add(appserver_exchange* exchange, std::string_view name, std::string_view value) {
    check_head(host.response->add_header(exchange, to_abi(name), to_abi(value)),
               "the header '{}' is not well-formed, or is the server's to write", name);
  }

  template <typename Subject>
  static void check_head(int result, std::string_view refusal, const Subject& subject) {
    if (result == -EINVAL) throw std::invalid_argument(format(refusal, subject));
    if (result == -EALREADY) throw std::logic_error("the head of the answer has been sent already");
    check(result, "writing the head of the answer");
  }
};

// For the calls that send: throws ClientGone where there is nobody to send to.
inline void check_sent(int result) {
  if (result == -EPIPE || result == -ECONNRESET || result == -ETIMEDOUT) throw ClientGone(-result);
  check(result, "sending the answer");
}

}  // namespace detail
}  // namespace appserver
