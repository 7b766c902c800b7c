// How a ResponseWriter puts together what it sends.
#pragma once

#include <sys/uio.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace http {

// An answer up to this size is put together in one piece; a copy is cheaper there than a second buffer, or a
// second call for the part of a file.
inline constexpr std::size_t kCopied = 8 * 1024;

template <typename Number>
std::string_view digits(std::array<char, 24>& buffer, Number number, int base = 10) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, base).ptr;
  return {buffer.data(), end};
}

template <typename Text, typename... Pieces>
void append(Text& out, const Pieces&... pieces) {
  const auto add = [&](std::string_view piece) { out.insert(out.end(), piece.begin(), piece.end()); };
  (add(pieces), ...);
}

inline iovec piece_of(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

inline std::error_code begun_already() {
  return std::make_error_code(std::errc::connection_already_in_progress);
}

}  // namespace http
