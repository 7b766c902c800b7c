// Content that lies ready, a file or a record of a database say: whole or in part, as the request has it.
#pragma once

#include <appserver/byte_ranges.hpp>
#include <appserver/conditions.hpp>
#include <appserver/response.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace APPSERVER_HIDDEN appserver {

struct Content {
  std::string type;  // its Content-Type; empty: none
  std::uint64_t size = 0;
  Validators validators;

  // Writes `range` of it.
  std::function<void(ResponseStream& out, const ByteRange& range)> write;
};

namespace detail {

// Several parts in one answer: multipart/byteranges (RFC 9110 section 14.6).
class ByteRangesBody {
 public:
  ByteRangesBody(Content content, const std::vector<ByteRange>& ranges) : content_(std::move(content)) {
    std::random_device random;  // so that nobody can write content that looks like the end of a part
    boundary_ = format("{}-{}-{}", random(), random(), random());
    const auto type = content_.type.empty() ? "" : "Content-Type: " + content_.type + "\r\n";
    for (const auto& range : ranges) {
      parts_.push_back({"\r\n--" + boundary_ + "\r\n" + type +
                            "Content-Range: " + range.content_range(content_.size) + "\r\n\r\n",
                        range});
    }
    end_ = "\r\n--" + boundary_ + "--\r\n";
  }

  std::string type() const { return "multipart/byteranges; boundary=" + boundary_; }

  std::uint64_t size() const {
    std::uint64_t size = end_.size();
    for (const auto& part : parts_) size += part.head.size() + part.range.size;
    return size;
  }

  void write(ResponseStream& out) const {
    for (const auto& part : parts_) {
      out.write(part.head);
      content_.write(out, part.range);
    }
    out.write(end_);
  }

 private:
  struct Part {
    std::string head;
    ByteRange range;
  };

  Content content_;
  std::string boundary_;
  std::vector<Part> parts_;
  std::string end_;
};

inline Response whole(Content content) {
  Response response(
      [size = content.size, write = std::move(content.write)](ResponseStream& out) {
        if (size > 0) write(out, {0, size});
      },
      content.size);
  if (!content.type.empty()) response.header("Content-Type", std::move(content.type));
  return response;
}

inline Response part(Content content, const ByteRange& range) {
  auto field = range.content_range(content.size);
  content.size = range.size;
  content.write = [write = std::move(content.write), range](ResponseStream& out, const ByteRange&) {
    write(out, range);
  };
  return whole(std::move(content)).status(206).header("Content-Range", std::move(field));
}

inline Response parts(Content content, const std::vector<ByteRange>& ranges) {
  const auto body = std::make_shared<const ByteRangesBody>(std::move(content), ranges);
  return stream(body->type(), body->size(), [body](ResponseStream& out) { body->write(out); }).status(206);
}

}  // namespace detail

// Answers a GET or HEAD with `content`: 200 with all of it; 206 with the parts that a Range asks for, if it
// is heeded (see parse_byte_ranges); 416 where it asks for none that is there; 304 and 412 as
// check_conditions() has it. Headers are added to what it returns.
inline Response serve_content(const Request& request, Content content) {
  const auto validators = content.validators;
  if (auto answer = check_conditions(request, validators)) return *std::move(answer);

  // Only of GET is a Range defined (section 14.2).
  const auto asked = request.method() == "GET" ? detail::single_field(request, "Range") : std::nullopt;
  const auto ranges = asked && detail::if_range_holds(request, validators)
                          ? parse_byte_ranges(*asked, content.size)
                          : std::nullopt;
  auto response = [&] {
    if (!ranges) return detail::whole(std::move(content));
    if (ranges->empty()) {
      const auto size = content.size;
      return text("There are {} bytes, and none of them is in the range asked for.", size)
          .status(416)
          .header("Content-Range", detail::format("bytes */{}", size));
    }
    if (ranges->size() == 1) return detail::part(std::move(content), ranges->front());
    return detail::parts(std::move(content), *ranges);
  }();
  return validators.on(std::move(response)).header("Accept-Ranges", "bytes");
}

}  // namespace appserver
