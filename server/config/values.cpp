#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "config/cores.hpp"

namespace config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t worth;
};

// The largest first, so that a value is named in the largest unit that fits.
constexpr Unit kCountUnits[] = {{"", 1}};
constexpr Unit kSizeUnits[] = {{"G", 1u << 30}, {"M", 1u << 20}, {"K", 1u << 10}, {"", 1}};
constexpr Unit kDurationUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit kSeconds = kDurationUnits[2];

constexpr std::uint64_t kMostWorkers = 256;

[[noreturn]] void refuse(const std::string& wanted) { throw std::invalid_argument("want " + wanted); }

// The number and its unit multiplied, if they are one and stay in the range.
std::optional<std::uint64_t> parse_quantity(std::string_view text, std::span<const Unit> units,
                                            Range<std::uint64_t> range) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view name(end, text.data() + text.size());
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (unit == units.end() || number > range.most / unit->worth) return std::nullopt;
  const std::uint64_t quantity = number * unit->worth;
  return quantity < range.least ? std::nullopt : std::optional(quantity);
}

std::string text_of(std::uint64_t quantity, std::span<const Unit> units) {
  if (quantity == 0) return "0";
  const auto unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return quantity % u.worth == 0; });
  return std::to_string(quantity / unit->worth) + std::string(unit->name);
}

std::string text_of(Range<std::uint64_t> range, std::span<const Unit> units) {
  return "from " + text_of(range.least, units) + " to " + text_of(range.most, units);
}

// The elements of a list `a, b`, in small letters.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> elements(1);
  for (const char c : text) {
    if (c == ',') {
      elements.emplace_back();
    } else if (c != ' ') {
      elements.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return elements;
}

#ifdef APPSERVER_BROTLI
constexpr std::string_view kCodings[] = {"gzip", "br"};
constexpr const char* kWantedCodings = "off, gzip, br, or both in the order of preference, such as br,gzip";
#else
constexpr std::string_view kCodings[] = {"gzip"};
constexpr const char* kWantedCodings = "off or gzip; this build was made without brotli, and has no br";
#endif

bool is_media_type(std::string_view text) {
  const auto is_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$&^_.+-/*").find(c) != std::string_view::npos;
  };
  return text.find_first_of("/*") != text.npos && std::ranges::all_of(text, is_char) &&
         std::ranges::count(text, '*') <= 1 && std::ranges::count(text, '/') <= 1;
}

}  // namespace

std::uint64_t parse_count(std::string_view text, Range<std::uint64_t> range) {
  const auto count = parse_quantity(text, kCountUnits, range);
  if (!count) refuse("a whole number " + text_of(range, kCountUnits));
  return *count;
}

std::uint64_t parse_size(std::string_view text, Range<std::uint64_t> range) {
  const auto size = parse_quantity(text, kSizeUnits, range);
  if (!size) refuse("a size " + text_of(range, kSizeUnits) + ", such as 512, 64K or 8M");
  return *size;
}

Milliseconds parse_duration(std::string_view text, Range<Milliseconds> range) {
  const Range<std::uint64_t> counts{static_cast<std::uint64_t>(range.least.count()),
                                    static_cast<std::uint64_t>(range.most.count())};
  auto count = parse_quantity(text, kDurationUnits, counts);
  if (!count) count = parse_quantity(text, std::array{Unit{"", kSeconds.worth}}, counts);
  if (!count) {
    refuse("a time " + text_of(counts, kDurationUnits) + ", such as 500ms, 30s or 5m" +
           (counts.least == 0 ? "; 0 is off" : ""));
  }
  return Milliseconds(*count);
}

unsigned parse_workers(std::string_view text) {
  const Range<std::uint64_t> range{1, kMostWorkers};
  if (text == "auto") return static_cast<unsigned>(std::min<std::uint64_t>(usable_cores(), kMostWorkers));
  const auto count = parse_quantity(text, kCountUnits, range);
  if (!count) refuse("a whole number " + text_of(range, kCountUnits) + ", or auto");
  return static_cast<unsigned>(*count);
}

std::string parse_path(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(),
                                 [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#'; });
  if (!plain || (!text.empty() && text.front() != '/')) {
    refuse("a path that begins with '/' and has neither spaces nor '?' or '#', such as /ready");
  }
  return std::string(text);
}

bool parse_switch(std::string_view text) {
  if (text == "on") return true;
  if (text == "off") return false;
  refuse("on or off");
}

std::vector<std::string> parse_codings(std::string_view text) {
  if (text == "off") return {};
  auto codings = split(text);
  for (auto coding = codings.begin(); coding != codings.end(); ++coding) {
    const bool known = std::ranges::find(kCodings, *coding) != std::end(kCodings);
    if (!known || std::find(codings.begin(), coding, *coding) != coding) refuse(kWantedCodings);
  }
  return codings;
}

std::vector<std::string> parse_media_types(std::string_view text) {
  auto types = split(text);
  if (!std::ranges::all_of(types, is_media_type)) {
    refuse("media types, with at most one * in each, such as text/*,application/json,*xml");
  }
  return types;
}

net::ForwardedHeader parse_forwarded_header(std::string_view text) {
  if (text == "auto") return net::ForwardedHeader::automatic;
  if (text == "forwarded") return net::ForwardedHeader::forwarded;
  if (text == "x-forwarded") return net::ForwardedHeader::x_forwarded;
  refuse("auto, forwarded or x-forwarded");
}

net::ProxyProtocol parse_proxy_protocol(std::string_view text) {
  if (text == "off") return net::ProxyProtocol::off;
  if (text == "v1") return net::ProxyProtocol::v1;
  if (text == "v2") return net::ProxyProtocol::v2;
  if (text == "auto") return net::ProxyProtocol::automatic;
  refuse("off, v1, v2 or auto");
}

base::LogLevel parse_log_level(std::string_view text) {
  using base::LogLevel;
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::critical}) {
    if (base::name_of(level) == text) return level;
  }
  refuse("debug, info, warning, error or critical");
}

}  // namespace config
