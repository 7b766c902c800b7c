// Tokens, and text that may stand in a field (RFC 9110 sections 5.5 and 5.6.2).
#pragma once

#include <string_view>

namespace http {

bool is_token_char(char c);
bool is_token(std::string_view text);

// Whether it may stand in a field's value: visible ASCII, spaces, tabs, and bytes above ASCII.
bool is_field_char(char c);
bool is_field_value(std::string_view text);

// Whether it may stand in a host's name or IPv4 address; an escape may still be wrong.
bool is_host_text(std::string_view text);

// Whether two names or tokens are the same but for the case of ASCII letters.
bool same_token(std::string_view a, std::string_view b);

}  // namespace http
