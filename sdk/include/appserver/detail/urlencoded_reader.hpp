// Reads a form of type application/x-www-form-urlencoded as it comes (WHATWG URL, section 5.1). Bytes that
// are no UTF-8 are handed on as they are.
#pragma once

#include <appserver/detail/form_buffer.hpp>
#include <appserver/detail/form_reader.hpp>
#include <appserver/error.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

class UrlencodedReader final : public FormReader {
 public:
  explicit UrlencodedReader(Body& body) : buffer_(body) {}

  std::optional<PartHead> next() override {
    while (!read().empty()) continue;
    while (has_more() && buffer_.unread().front() == '&') buffer_.consume(1);
    if (!has_more()) return std::nullopt;
    PartHead head;
    for (auto piece = take("=&"); !piece.empty(); piece = take("=&")) {
      if (piece.size() > kLongestHead - head.name.size()) {
        throw HttpError(413, "the name of a form field is longer than 8192 bytes");
      }
      head.name += piece;
    }
    in_value_ = has_more() && buffer_.unread().front() == '=';
    if (in_value_) buffer_.consume(1);
    return head;
  }

  std::string_view read() override {
    const auto piece = in_value_ ? take("&") : std::string_view();
    if (piece.empty()) in_value_ = false;
    return piece;
  }

 private:
  bool has_more() {
    while (buffer_.unread().empty() && !ended_) ended_ = !buffer_.fill();
    return !buffer_.unread().empty();
  }

  // The next piece up to one of `stops`, decoded in its place; empty at a stop and at the end of the body.
  std::string_view take(std::string_view stops) {
    for (;;) {
      const auto unread = buffer_.unread();
      auto text = unread.substr(0, unread.find_first_of(stops));
      const bool whole = text.size() < unread.size() || ended_;
      if (!whole) text.remove_suffix(begun_escape(text));
      if (!text.empty()) {
        const std::string_view piece(buffer_.data(), decode(buffer_.data(), text.size()));
        buffer_.consume(text.size());
        return piece;
      }
      if (whole) return {};
      ended_ = !buffer_.fill();
    }
  }

  // How many bytes at the end of `text` are a `%` and less than its two digits.
  static std::size_t begun_escape(std::string_view text) {
    const auto tail = text.substr(text.size() - (text.size() < 2 ? text.size() : 2));
    const auto percent = tail.rfind('%');
    return percent == std::string_view::npos ? 0 : tail.size() - percent;
  }

  // The size that is left. A `%` without two digits stands for itself.
  static std::size_t decode(char* const text, std::size_t size) {
    std::size_t out = 0;
    for (std::size_t in = 0; in < size; ++in) {
      char c = text[in];
      if (c == '+') c = ' ';
      if (c == '%' && size - in > 2 && digit(text[in + 1]) >= 0 && digit(text[in + 2]) >= 0) {
        c = static_cast<char>(digit(text[in + 1]) << 4 | digit(text[in + 2]));
        in += 2;
      }
      text[out++] = c;
    }
    return out;
  }

  static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  }

  FormBuffer buffer_;
  bool ended_ = false;  // the body has; what is unread is the last of it
  bool in_value_ = false;
};

}  // namespace detail
}  // namespace appserver
