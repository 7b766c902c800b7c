// uri-host [ ":" port ], the value of Host and the authority of a target (RFC 9110 section 7.2, whose words
// are those of RFC 3986 section 3.2).
#pragma once

#include <string_view>

namespace http {

// Whether `text` names a host. There is no empty one in a URI of http (RFC 9110 section 4.2.1), and no user
// either (section 4.2.4).
bool is_authority(std::string_view text);

// Whether it names the port as well, as the target of CONNECT has to (RFC 9110 section 9.3.6).
bool is_authority_with_port(std::string_view text);

}  // namespace http
