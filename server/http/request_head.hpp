// The head of one request: views into the connection's input buffer, good until the request has been
// answered.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

struct Field {
  std::string_view name;
  std::string_view value;
};

struct RequestHead {
  std::string_view method;
  std::string_view target;     // as sent
  std::string_view path;       // the target's path, still percent-encoded; "*" of `OPTIONS *`
  std::string_view query;      // without the `?`
  std::string_view authority;  // host and port, of the target or of Host; empty where HTTP/1.0 has neither
  int minor_version = 1;       // of HTTP/1
  boost::container::small_vector<Field, 16> fields;  // as many as most requests have, without an allocation

  // How the body is framed (RFC 9112 section 6.3): chunked, or of a length, or not there.
  bool chunked = false;
  std::optional<std::uint64_t> content_length;

  bool keep_alive = true;         // the client's wish (section 9.3)
  bool expects_continue = false;  // RFC 9110 section 10.1.1

  std::string later_version;  // the text itself, where it had to be changed to be parsed

  // The first field of that name, in any case of letters; null where there is none.
  const Field* find(std::string_view name) const;

  void clear();
};

}  // namespace http
