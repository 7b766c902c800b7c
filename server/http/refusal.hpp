// Why a request is refused before any handler sees it.
#pragma once

#include <string_view>

namespace http {

struct Refusal {
  int status;
  std::string_view reason;  // one line for the client, constant text
};

}  // namespace http
