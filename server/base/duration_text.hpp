// A duration as an operator writes one: `30s`, `500ms`. Any process, any thread.
#pragma once

#include <chrono>
#include <string>

namespace base {

// Whole seconds as `30s`, all else as `1500ms`; what is below that is cut off.
std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace base
