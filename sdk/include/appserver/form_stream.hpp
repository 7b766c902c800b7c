// A form that a client sends, part by part as it comes: the fields and files of multipart/form-data (RFC
// 7578), or the fields of application/x-www-form-urlencoded. It takes 16 KiB however long a file is; the
// client sends as fast as the handler reads.
//
//   FormStream form(request);
//   while (Part* part = form.next()) {
//     if (!part->filename()) continue;
//     while (const auto piece = part->read()) file.write(*piece);
//   }
//
// A form that is malformed or cut off is never taken for a whole one: it throws BadRequest, or what
// Body::read() does. Form (form.hpp) has a small one in memory.
#pragma once

#include <algorithm>
#include <appserver/detail/form_reader.hpp>
#include <appserver/detail/header_value.hpp>
#include <appserver/detail/multipart_reader.hpp>
#include <appserver/detail/urlencoded_reader.hpp>
#include <appserver/error.hpp>
#include <appserver/request.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace APPSERVER_HIDDEN appserver {

// A field, or a file, of a form. Belongs to its FormStream.
class Part {
 public:
  Part(detail::FormReader& reader, detail::PartHead head) : reader_(reader), head_(std::move(head)) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const std::string& name() const { return head_.name; }

  // What the client calls the file, as it was sent, or nothing where the part is no file. A browser sends an
  // empty one where no file was chosen. Never a path to write to: it can be "../../etc/passwd".
  const std::optional<std::string>& filename() const { return head_.filename; }

  // "image/png", "text/plain; charset=utf-8"...; "text/plain" where the client sent none.
  const std::string& content_type() const { return head_.content_type; }

  // The charset that content_type() names, or nothing. Browsers name none, and send what the page is in:
  // UTF-8.
  std::optional<std::string> charset() const {
    const auto type = detail::parse_header_value(head_.content_type);
    const auto* const charset = type ? type->find("charset") : nullptr;
    return charset ? std::optional(*charset) : std::nullopt;
  }

  // The next piece, or nothing at the end. It lives until the next call. [may suspend]
  std::optional<std::string_view> read() {
    const auto piece = reader_.read();
    if (piece.empty()) return std::nullopt;
    return piece;
  }

  // What is left of it. Longer than `limit` bytes is HttpError 413. [may suspend]
  std::string all(std::size_t limit) {
    std::string all;
    while (const auto piece = read()) {
      if (piece->size() > limit - all.size()) {
        throw HttpError(413, detail::format("the form field is longer than {} bytes", limit));
      }
      all += *piece;
    }
    return all;
  }

 private:
  detail::FormReader& reader_;
  const detail::PartHead head_;
};

class FormStream {
 public:
  // Reads the body of `request`, which outlives it. Throws HttpError 415 where that is not a form, and
  // BadRequest for a boundary that is none; 413 once there are more than `most_parts`.
  explicit FormStream(Request& request, std::size_t most_parts = 1000)
      : reader_(make_reader(request)), most_parts_(most_parts) {}

  // The next part, until the next call, or null at the end of the form. What was not read of the last one is
  // skipped. [may suspend]
  Part* next() {
    part_.reset();
    auto head = reader_->next();
    if (!head) return nullptr;
    if (parts_++ == most_parts_) {
      throw HttpError(413, detail::format("the form has more than {} parts", most_parts_));
    }
    return &part_.emplace(*reader_, std::move(*head));
  }

 private:
  static std::unique_ptr<detail::FormReader> make_reader(Request& request) {
    const auto header = request.header("Content-Type").value_or("");
    const auto type = detail::parse_header_value(header);
    if (!type && !header.empty()) throw BadRequest("the Content-Type of the form is malformed");
    if (type && type->value == "application/x-www-form-urlencoded") {
      return std::make_unique<detail::UrlencodedReader>(request.body());
    }
    if (!type || type->value != "multipart/form-data") {
      throw HttpError(415, "a form is expected: multipart/form-data or application/x-www-form-urlencoded");
    }
    const auto* const boundary = type->find("boundary");
    if (!boundary || !is_boundary(*boundary)) {
      throw BadRequest("the Content-Type multipart/form-data has no boundary, or one that is malformed");
    }
    return std::make_unique<detail::MultipartReader>(request.body(), *boundary);
  }

  // RFC 2046 section 5.1.1.
  static bool is_boundary(std::string_view text) {
    const auto fits = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
             std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), fits);
  }

  const std::unique_ptr<detail::FormReader> reader_;
  const std::size_t most_parts_;
  std::size_t parts_ = 0;
  std::optional<Part> part_;
};

}  // namespace appserver
