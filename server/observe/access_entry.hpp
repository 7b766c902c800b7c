// One request that has ended, as the access log asks about it. Made for one line, on the stack of whoever has
// ended the request; its views live for the call.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace observe {

struct AccessEntry {
  std::string_view client;  // address; "" where it is not known
  std::string_view line;    // the request line as it came, bad ones too
  std::string_view method;  // and the next three: "" where the line could not be read
  std::string_view path;
  std::string_view query;
  std::string_view protocol;
  int status = 0;
  std::uint64_t body_size = 0;  // bytes of the answer's body
  std::chrono::nanoseconds took{};
  std::time_t ended = 0;

  // The value of the first field of that name, in any case of letters; "" where there is none.
  virtual std::string_view request_field(std::string_view name) const = 0;
  virtual std::string_view response_field(std::string_view name) const = 0;

 protected:
  ~AccessEntry() = default;
};

}  // namespace observe
