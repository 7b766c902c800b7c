// What the client asked. Made for one call of a handler; it lives until the answer is sent, a streamed answer
// included, and so does every view it gives. Nothing here suspends but the body.
#pragma once

#include <appserver/body.hpp>
#include <appserver/client.hpp>
#include <appserver/detail/host.hpp>
#include <appserver/headers.hpp>
#include <appserver/value.hpp>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace APPSERVER_HIDDEN appserver {

class Request {
 public:
  explicit Request(appserver_exchange* exchange) : exchange_(exchange), body_(exchange) {}
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  // "GET", "POST"...; "HEAD" also where a GET route answers it.
  std::string_view method() const { return detail::from_abi(detail::host.request->method(exchange_)); }

  // The path as it was sent, percent-encoded, and the query without its `?`.
  std::string_view path() const { return detail::from_abi(detail::host.request->path(exchange_)); }
  std::string_view query_string() const { return detail::from_abi(detail::host.request->query(exchange_)); }

  // The first value of `name` in the query, decoded.
  Value query(std::string_view name) const {
    appserver_string value{};
    const int found = detail::host.request->query_value(exchange_, detail::to_abi(name), &value);
    return {Value::kQuery, name, view_if(found, value)};
  }

  // What `{name}` of the route's pattern matched, decoded.
  Value parameter(std::string_view name) const {
    appserver_string value{};
    const int found = detail::host.request->parameter(exchange_, detail::to_abi(name), &value);
    return {Value::kParameter, name, view_if(found, value)};
  }

  // The first header of that name, in any case of letters.
  std::optional<std::string_view> header(std::string_view name) const {
    appserver_string value{};
    const int found = detail::host.request->header(exchange_, detail::to_abi(name), &value);
    return view_if(found, value);
  }
  Headers headers() const { return Headers(exchange_); }

  Body& body() { return body_; }

  // Whether it has been cancelled, as it took too long or its client is gone: for a handler that computes for
  // long. Works in offload() too.
  bool cancelled() const { return detail::host.cancellation->cause(exchange_) != 0; }

  // The fields that the client sent behind a chunked body, apart from the headers: in their order, or the
  // first of that name, in any case of letters. Known once the body has been read to its end, an
  // std::logic_error before.
  std::vector<Header> trailers() const {
    const auto size = static_cast<std::size_t>(check_end(detail::host.trailers->count(exchange_)));
    std::vector<Header> all;
    for (std::size_t i = 0; i < size; ++i) {
      appserver_string name{}, value{};
      detail::check(detail::host.trailers->at(exchange_, i, &name, &value), "reading a trailer");
      all.push_back({detail::from_abi(name), detail::from_abi(value)});
    }
    return all;
  }
  std::optional<std::string_view> trailer(std::string_view name) const {
    appserver_string value{};
    const int found = check_end(detail::host.trailers->find(exchange_, detail::to_abi(name), &value));
    return view_if(found, value);
  }

  // Who asks and how (see client.hpp).
  Client client() const { return Client(exchange_); }

  // The name of this request in the log; no other request of the server has it.
  std::string_view id() const { return detail::from_abi(detail::host.request->id(exchange_)); }

 private:
  static std::optional<std::string_view> view_if(int found, appserver_string value) {
    if (found <= 0) return std::nullopt;
    return detail::from_abi(value);
  }

  template <typename Result>
  static Result check_end(Result result) {
    if (result == -EAGAIN)
      throw std::logic_error("trailers stand behind the body: read that to its end first");
    return detail::check(result, "reading the trailers");
  }

  appserver_exchange* const exchange_;
  Body body_;
};

}  // namespace appserver
