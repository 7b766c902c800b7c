// The time for a Date field (RFC 9110 section 5.6.7), made anew once a second.
#pragma once

#include <string_view>

namespace http {

// `Sun, 06 Nov 1994 08:49:37 GMT`; lives until the next call.
std::string_view date_now();

}  // namespace http
