// The four forms of a request's target (RFC 9112 section 3.2).
#pragma once

#include <optional>

#include "http/refusal.hpp"
#include "http/request_head.hpp"

namespace http {

// Given a head's method and target: fills in path and query, and the authority where the target names it; or
// says what is wrong.
std::optional<Refusal> read_target(RequestHead& head);

}  // namespace http
