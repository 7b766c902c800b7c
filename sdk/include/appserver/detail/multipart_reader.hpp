// Reads a form of type multipart/form-data as it comes (RFC 7578; RFC 2046 section 5.1). Strict where two
// readers could disagree on where a part ends: lines end with CRLF, and behind a boundary stands nothing but
// the end of its line. All of browsers, curl, Python's requests, Go and undici send it so.
#pragma once

#include <appserver/detail/form_buffer.hpp>
#include <appserver/detail/form_reader.hpp>
#include <appserver/detail/format.hpp>
#include <appserver/detail/part_head.hpp>
#include <appserver/error.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

class MultipartReader final : public FormReader {
 public:
  MultipartReader(Body& body, std::string_view boundary)
      : buffer_(body), delimiter_("\r\n--" + std::string(boundary)) {
    buffer_.append("\r\n");  // so that the first boundary is found as the others are
  }

  std::optional<PartHead> next() override {
    while (!read().empty()) continue;
    if (closed_) return std::nullopt;
    ++parts_;
    const auto head = read_head();
    in_body_ = true;
    return head;
  }

  std::string_view read() override {
    if (!in_body_) return {};
    for (;;) {
      const auto unread = buffer_.unread();
      const auto delimiter = unread.find(delimiter_);
      const auto piece = unread.substr(0, delimiter == unread.npos ? begun_delimiter(unread) : delimiter);
      if (!piece.empty()) {
        buffer_.consume(piece.size());
        return piece;
      }
      if (delimiter != unread.npos) {
        pass_delimiter();
        return {};
      }
      if (!buffer_.fill()) refuse("ends before its closing boundary");
    }
  }

 private:
  // Where in `text` the delimiter may have begun; its size where it has not. CR is in a delimiter once, in
  // front.
  std::size_t begun_delimiter(std::string_view text) const {
    const auto cr = text.rfind('\r');
    if (cr == text.npos || text.substr(cr) != std::string_view(delimiter_).substr(0, text.size() - cr)) {
      return text.size();
    }
    return cr;
  }

  void pass_delimiter() {
    in_body_ = false;
    buffer_.consume(delimiter_.size());
    closed_ = skip("--");
    while (skip(" ") || skip("\t")) continue;  // transport-padding
    if (!skip("\r\n") && !(closed_ && at_end())) refuse("has a boundary that is followed by more than CRLF");
    if (!closed_) return;
    do {
      buffer_.consume(buffer_.unread().size());  // the epilogue, which nobody wants
    } while (buffer_.fill());
  }

  PartHead read_head() {
    PartHeadParser parser;
    std::size_t size = 0;
    for (auto line = read_line(size); !line.empty(); line = read_line(size)) {
      if (line.substr(0, delimiter_.size() - 2) == std::string_view(delimiter_).substr(2)) {
        refuse_part("has no empty line behind its head");
      }
      if (const char* const problem = parser.add(line)) refuse_part(problem);
    }
    if (const char* const problem = parser.finish()) refuse_part(problem);
    return parser.head();
  }

  // One line of a head, without its end, until the next call. `size` counts what the head has so far.
  std::string_view read_line(std::size_t& size) {
    for (;;) {
      const auto unread = buffer_.unread();
      const auto end = unread.find("\r\n");
      const auto line = unread.substr(0, end);
      if (line.size() > kLongestHead - size) {
        throw HttpError(413, format("the head of part {} of the form is longer than {} bytes", parts_,
                                    std::size_t{kLongestHead}));
      }
      if (end != unread.npos) {
        size += line.size();
        buffer_.consume(end + 2);
        return line;
      }
      if (!buffer_.fill()) refuse("ends before its closing boundary");
    }
  }

  // Consumes `text` if it is what comes next.
  bool skip(std::string_view text) {
    while (buffer_.unread().size() < text.size() && buffer_.fill()) continue;
    if (buffer_.unread().substr(0, text.size()) != text) return false;
    buffer_.consume(text.size());
    return true;
  }

  bool at_end() { return buffer_.unread().empty() && !buffer_.fill(); }

  [[noreturn]] void refuse(const char* problem) const {
    throw BadRequest(std::string("the multipart form ") + problem);
  }
  [[noreturn]] void refuse_part(const char* problem) const {
    throw BadRequest(format("part {} of the multipart form {}", parts_, problem));
  }

  FormBuffer buffer_;
  const std::string delimiter_;
  std::size_t parts_ = 0;
  bool in_body_ = true;  // of a part, or in the preamble: a body that nobody wants
  bool closed_ = false;
};

}  // namespace detail
}  // namespace appserver
