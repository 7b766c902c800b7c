#include "base/duration_text.hpp"

namespace base {

std::string duration_text(std::chrono::nanoseconds duration) {
  const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

}  // namespace base
