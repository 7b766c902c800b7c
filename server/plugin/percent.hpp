// Percent-encoding (RFC 3986 section 2.1), and the form encoding that adds `+` for a space (WHATWG URL,
// section 5).
#pragma once

#include <forward_list>
#include <string>
#include <string_view>

namespace plugin {

// Where decoded text is kept, for text that is not the same as it was sent. Views into it stay good as it
// grows and when it is moved; it allocates nothing while it is empty.
using TextStore = std::forward_list<std::string>;

// The decoded text: `text` itself where nothing in it is encoded, else a view into `store`. A `%` that two
// hexadecimal digits do not follow stands for itself.
std::string_view decode_percent(std::string_view text, TextStore& store);
std::string_view decode_form(std::string_view text, TextStore& store);

}  // namespace plugin
