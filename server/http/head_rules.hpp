// What RFC 9112 forbids and a lenient parser lets through: each would let two servers in a chain read one
// request as two.
#pragma once

#include <optional>

#include "http/refusal.hpp"
#include "http/request_head.hpp"

namespace http {

// Given a head's method, target, version and fields: fills in the rest (path, query, framing, keep-alive),
// or says what is wrong. Host is then what the target says, where it says it.
std::optional<Refusal> check_head(RequestHead& head);

}  // namespace http
