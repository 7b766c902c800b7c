// Reads a whole head: Boost.Beast takes it apart, head_rules.hpp then refuses what Beast lets through.
#pragma once

#include <optional>
#include <string_view>

#include "http/refusal.hpp"
#include "http/request_head.hpp"

namespace http {

// Fills `head`, which is empty, with views into `text`, a head that ends with its empty line. What is wrong
// with it, if anything: `head` is then good for its refusal alone.
std::optional<Refusal> parse_head(std::string_view text, RequestHead& head);

}  // namespace http
