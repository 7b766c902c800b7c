// What the client gets: a value that a handler makes and returns. It is sent after the handler has returned;
// what a bad status or header throws then is the handler's failure, a 500.
#pragma once

#include <appserver/detail/format.hpp>
#include <appserver/detail/head.hpp>
#include <appserver/detail/token.hpp>
#include <appserver/response_stream.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

class Response {
 public:
  using Writer = std::function<void(ResponseStream&)>;

  // 200 without a body.
  Response() = default;

  // For text() and its like. `content_type` must live for ever: a literal. Empty: none.
  Response(std::string_view content_type, std::string body) : body_(std::move(body)) {
    head_.content_type = content_type;
  }
  explicit Response(Writer writer, std::optional<std::uint64_t> length = std::nullopt)
      : writer_(std::move(writer)) {
    head_.length = length;
  }

  int status() const { return head_.status; }

  // 200 to 599.
  Response& status(int status) & { return head_.status = status, *this; }
  Response&& status(int status) && { return std::move(this->status(status)); }

  // Adds a header; Content-Type replaces what text() and json() set. Content-Length, Transfer-Encoding,
  // Connection and Date are the server's to write.
  Response& header(std::string name, std::string value) & {
    if (detail::same_token(name, "content-type")) head_.content_type = {};
    head_.headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Response&& header(std::string name, std::string value) && {
    return std::move(header(std::move(name), std::move(value)));
  }

  // Sends it as the answer to `exchange`, once the handler has returned it. Throws ClientGone. [may suspend]
  void send(appserver_exchange* exchange) const {
    if (writer_) {
      ResponseStream out(exchange, head_);
      writer_(out);
      out.begin();
    } else {
      head_.send(exchange);
      detail::check_sent(detail::host.response->send(exchange, detail::to_abi(body_)));
    }
  }

 private:
  detail::Head head_;
  std::string body_;
  Writer writer_;
};

// `body` as it stands, as text/plain in UTF-8.
template <typename Text>
Response text(Text&& body) {
  return Response("text/plain; charset=utf-8", std::string(std::forward<Text>(body)));
}

// The same, with each `{}` of `pattern` replaced by an argument: text("Slept for {} seconds.", 5.0) is
// "Slept for 5 seconds.". `{{` and `}}` stand for braces. Throws std::logic_error where the numbers differ.
template <typename First, typename... Rest>
Response text(std::string_view pattern, const First& first, const Rest&... rest) {
  return text(detail::format(pattern, first, rest...));
}

// `body` is JSON already.
template <typename Text>
Response json(Text&& body) {
  return Response("application/json", std::string(std::forward<Text>(body)));
}

// Any bytes, of any type.
inline Response bytes(std::string content_type, std::string body) {
  return Response({}, std::move(body)).header("Content-Type", std::move(content_type));
}

// Calls `writer` to write the body as it goes, after the handler has returned: what it captures by reference
// must outlive the handler, as the Request does. An HttpError before the first write() is still answered.
inline Response stream(std::string content_type, Response::Writer writer) {
  return Response(std::move(writer)).header("Content-Type", std::move(content_type));
}

// The same with a body of `length` bytes, which the client is told: it can show how far it is, and HEAD
// answers what GET would. A writer that writes more is thrown std::logic_error; one that writes less has
// failed, and its client is cut off.
inline Response stream(std::string content_type, std::uint64_t length, Response::Writer writer) {
  return Response(std::move(writer), length).header("Content-Type", std::move(content_type));
}

}  // namespace appserver
