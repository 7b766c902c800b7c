// libFuzzer calls this for each input; an exception ends the process, and libFuzzer keeps the input.
#include <cstddef>
#include <cstdint>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) noexcept {
  fuzz({reinterpret_cast<const char*>(data), size});
  return 0;
}
