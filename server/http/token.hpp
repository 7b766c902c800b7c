// Which characters may stand where: in tokens, fields, hosts and escapes (RFC 9110 sections 5.5 and 5.6.2,
// RFC 3986 sections 2 and 3.2.2).
#pragma once

#include <string_view>

namespace http {

bool is_token_char(char c);
bool is_token(std::string_view text);

// Whether it may stand in a field's value: visible ASCII, spaces, tabs, and bytes above ASCII.
bool is_field_char(char c);
bool is_field_value(std::string_view text);

// Whether it may stand in a host's name: unreserved or a sub-delim, but for the comma. What has one is two
// hosts that somebody has joined, as if Host were a list.
bool is_host_char(char c);

// Whether all of it may, escapes included: reg-name, but for the comma.
bool is_registered_name(std::string_view text);

// Of a hexadecimal digit; -1 for anything else.
int hex_value(char c);

// Whether there is a `%` that two hexadecimal digits do not follow.
bool has_bad_escape(std::string_view text);

// Whether two names or tokens are the same but for the case of ASCII letters.
bool same_token(std::string_view a, std::string_view b);

}  // namespace http
