// What the two encodings of a form have in common: parts, one behind the other, each with a head and a body.
#pragma once

#include <appserver/detail/visibility.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct PartHead {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type = "text/plain";  // what RFC 7578 section 4.4 takes for granted
};

class FormReader {
 public:
  // The longest head of a part, or name of a field, in bytes: past it the form is refused with 413.
  static constexpr std::size_t kLongestHead = 8 * 1024;

  virtual ~FormReader() = default;

  // Skips what is left of this part, and gives the head of the next; nothing at the end of the form. Throws
  // BadRequest where the form is malformed, HttpError, and as Body::read() does. [may suspend]
  virtual std::optional<PartHead> next() = 0;

  // The next piece of this part's body, until the next call; empty at its end. Throws as above. [may suspend]
  virtual std::string_view read() = 0;
};

}  // namespace detail
}  // namespace appserver
