// The stretch of a form's body that is being looked at: of one size, however long the body is. Owned by the
// reader of the form.
#pragma once

#include <appserver/body.hpp>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

class FormBuffer {
 public:
  static constexpr std::size_t kSize = 16 * 1024;

  explicit FormBuffer(Body& body) : body_(body), data_(new char[kSize]) {}

  // What has been read and not consumed; consuming leaves the bytes where they are, until the next fill().
  std::string_view unread() const { return {data_.get() + begin_, end_ - begin_}; }
  char* data() { return data_.get() + begin_; }
  void consume(std::size_t size) { begin_ += size; }

  // Puts `text` behind what is unread, as if it had come.
  void append(std::string_view text) {
    std::memcpy(data_.get() + end_, text.data(), text.size());
    end_ += text.size();
  }

  // Reads more, behind what is unread, of which there is less than kSize. False at the end of the body.
  // Throws as Body::read() does. [may suspend]
  bool fill() {
    end_ -= begin_;
    std::memmove(data_.get(), data_.get() + begin_, end_);
    begin_ = 0;
    const auto size = body_.read(data_.get() + end_, kSize - end_);
    end_ += size;
    return size > 0;
  }

 private:
  Body& body_;
  const std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace detail
}  // namespace appserver
