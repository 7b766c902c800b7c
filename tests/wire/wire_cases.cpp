#include "wire_cases.hpp"

#include <iterator>

std::vector<WireCase> wire_cases() {
  std::vector<WireCase> all;
  for (const auto part : {request_line_cases, target_cases, host_cases, field_cases, connection_cases,
                          framing_cases, chunk_cases, limit_cases}) {
    auto cases = part();
    all.insert(all.end(), std::move_iterator(cases.begin()), std::move_iterator(cases.end()));
  }
  return all;
}
