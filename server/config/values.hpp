// The values that options take, read from text: counts, sizes, durations. Each function throws
// std::invalid_argument with a text that says what a right value looks like, "want a whole number from 1 to
// 256", to stand behind the option's name. Any process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "config/settings.hpp"

namespace config {

template <typename Number>
struct Range {
  Number least;
  Number most;
};

// `4`
std::uint64_t parse_count(std::string_view text, Range<std::uint64_t> range);

// `512` bytes, `64K`, `8M`, `1G`
std::uint64_t parse_size(std::string_view text, Range<std::uint64_t> range);

// `500ms`, `30s`, `5m`, `1h`, or a number of seconds. A range that begins at zero means that 0 is off.
Milliseconds parse_duration(std::string_view text, Range<Milliseconds> range);

// A count, or `auto`: one for each usable core.
unsigned parse_workers(std::string_view text);

// `/ready`: an absolute path, as it stands in a request's first line; or "", which is off.
std::string parse_path(std::string_view text);

// "on" or "off".
bool parse_switch(std::string_view text);

// `br,gzip`, the content codings that this build has; or `off`, which is none.
std::vector<std::string> parse_codings(std::string_view text);

// `text/*,application/json,*xml`: media types, in small letters, with at most one `*` in each.
std::vector<std::string> parse_media_types(std::string_view text);

net::ForwardedHeader parse_forwarded_header(std::string_view text);
net::ProxyProtocol parse_proxy_protocol(std::string_view text);

base::LogLevel parse_log_level(std::string_view text);

}  // namespace config
