// The body of a request: read whole, or piece by piece as it comes. Belongs to its Request.
#pragma once

#include <appserver/detail/host.hpp>
#include <appserver/error.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {

class Body {
 public:
  explicit Body(appserver_exchange* exchange) : exchange_(exchange) {}
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  // In bytes, as the client announced it; nothing where it is sent in chunks of unknown total.
  std::optional<std::uint64_t> length() const {
    const auto announced = detail::host.request->body_length(exchange_);
    if (announced < 0) return std::nullopt;
    return static_cast<std::uint64_t>(announced);
  }

  // Reads the next 1 to `size` bytes into `data`, as they come; 0 at the end. Throws HttpError where the body
  // is longer than the limit (413), badly framed (400) or too slow (408), and ClientGone. [may suspend]
  std::size_t read(char* data, std::size_t size) {
    return static_cast<std::size_t>(check(detail::host.request->body_read(exchange_, data, size)));
  }

  // The next piece, or nothing at the end. It lives until the next call. Throws as above. [may suspend]
  std::optional<std::string_view> read() {
    if (!buffer_) buffer_.reset(new char[kPieceSize]);
    const auto size = read(buffer_.get(), kPieceSize);
    if (size == 0) return std::nullopt;
    return std::string_view(buffer_.get(), size);
  }

  // What is left of it, whole: all of it, unless read() was called before. It lives as long as the request.
  // Throws as above. [may suspend]
  std::string_view all() {
    appserver_string body{};
    check(detail::host.request->body_whole(exchange_, &body));
    return detail::from_abi(body);
  }

 private:
  static constexpr std::size_t kPieceSize = 16 * 1024;

  template <typename Result>
  static Result check(Result result) {
    switch (result < 0 ? static_cast<int>(-result) : 0) {
      case EMSGSIZE:
        throw HttpError(413, "the body is longer than the server accepts");
      case EBADMSG:
        throw BadRequest("the body is badly framed");
      case ETIMEDOUT:
        throw HttpError(408, "the body did not come in time");
      case EPIPE:
      case ECONNRESET:
        throw ClientGone(static_cast<int>(-result));
      default:
        return detail::check(result, "reading the request's body");
    }
  }

  appserver_exchange* const exchange_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace appserver
