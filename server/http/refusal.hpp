// Why a request is refused before any handler sees it. One that is sent again later may fare better where the
// status is 503 (RFC 9110 section 15.6.4).
#pragma once

#include <string_view>

namespace http {

struct Refusal {
  int status;
  std::string_view reason;  // one line for the client, constant text
};

}  // namespace http
