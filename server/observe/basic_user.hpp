// The user that a request claims to come from by Basic authentication (RFC 7617). Nobody has checked it.
#pragma once

#include <string>
#include <string_view>

namespace observe {

// Adds the user's name out of the value of Authorization, escaped, and spaces too: in a log it stands without
// quotes. False where there is none; nothing has then been added.
bool append_basic_user(std::string& out, std::string_view authorization);

}  // namespace observe
