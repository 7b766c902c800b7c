// The answer of an HTTP/1.0 server, which ends where the connection does (RFC 1945 section 7.2.2).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

struct Answer {
  int status = 0;
  std::string content_type;  // empty: none was given
  std::string body;

  // Throws std::runtime_error, whose text says what is wrong, where `wire` is no whole answer.
  static Answer parse(std::string_view wire);
};
