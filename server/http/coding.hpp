// The content codings that an answer can be compressed with (RFC 9110 section 8.4.1), and which of them a
// client wants. [any thread]
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "http/request_head.hpp"

namespace http {

enum class Coding { gzip, brotli };

// As it stands in headers and options: "gzip", "br".
std::string_view name_of(Coding coding);

// Of `offered` the one that the client gives the most weight, the first among equals; nothing where it asks
// for none of them, or would rather have the body as it is (RFC 9110 section 12.5.3).
std::optional<Coding> choose_coding(const RequestHead& request, std::span<const Coding> offered);

}  // namespace http
