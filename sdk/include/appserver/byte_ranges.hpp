// Ranges of bytes that a client asks for (RFC 9110 section 14).
#pragma once

#include <algorithm>
#include <appserver/detail/fields.hpp>
#include <appserver/detail/format.hpp>
#include <appserver/detail/number.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace APPSERVER_HIDDEN appserver {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;

  // `bytes 0-4/10`, for Content-Range; `whole` is the size of all there is.
  std::string content_range(std::uint64_t whole) const {
    return detail::format("bytes {}-{}/{}", first, first + size - 1, whole);
  }
};

// More ranges than that, and the whole is cheaper for everybody: each costs a head of its own
// (section 17.15).
inline constexpr std::size_t kMostRanges = 64;

namespace detail {

// A number of digits alone; one too large for its type is as good as the largest.
inline bool read_position(std::string_view text, std::uint64_t& position) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  if (read(text, position) == Reading::out_of_range) position = std::numeric_limits<std::uint64_t>::max();
  return true;
}

// One range as it stands, cut at the end of what there is: its size is 0 where nothing there is in it.
// Nothing where it is none.
inline std::optional<ByteRange> read_range(std::string_view text, std::uint64_t whole) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  std::uint64_t first = 0, last = 0;
  if (dash == 0) {  // the last so many bytes
    if (!read_position(text.substr(1), last)) return std::nullopt;
    const auto size = std::min(last, whole);
    return ByteRange{whole - size, size};
  }
  if (!read_position(text.substr(0, dash), first)) return std::nullopt;
  last = std::numeric_limits<std::uint64_t>::max();
  if (dash + 1 < text.size() && !read_position(text.substr(dash + 1), last)) return std::nullopt;
  if (last < first) return std::nullopt;
  if (first >= whole) return ByteRange{whole, 0};
  return ByteRange{first, std::min(last, whole - 1) - first + 1};
}

}  // namespace detail

// The ranges that the value of a Range field asks for, of a body of `whole` bytes; none: it asks for nothing
// that is there, and the answer is 416. Nothing where the field is not heeded, as a server may
// (section 14.2), and the whole is sent: it is of another unit, or malformed; it has too many ranges, or they
// overlap so that they come to more than the whole.
inline std::optional<std::vector<ByteRange>> parse_byte_ranges(std::string_view value, std::uint64_t whole) {
  const auto equals = value.find('=');
  if (equals == std::string_view::npos || !detail::same_token(value.substr(0, equals), "bytes")) {
    return std::nullopt;
  }
  value.remove_prefix(equals + 1);
  std::vector<ByteRange> ranges;
  std::size_t asked = 0;
  std::uint64_t total = 0;
  while (!value.empty()) {
    const auto item = detail::next_item(value, ',');
    if (item.empty()) continue;  // a list may have empty elements (section 5.6.1)
    const auto range = detail::read_range(item, whole);
    if (!range || ++asked > kMostRanges) return std::nullopt;
    if (range->size > whole - total) return std::nullopt;
    total += range->size;
    if (range->size > 0) ranges.push_back(*range);
  }
  // Some clients put a Range into every request; one for what is empty is no mistake of theirs.
  if (asked == 0 || whole == 0) return std::nullopt;
  return ranges;
}

}  // namespace appserver
