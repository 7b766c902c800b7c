#include "observe/access_atoms.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "observe/basic_user.hpp"
#include "observe/escape.hpp"

namespace observe {
namespace {

using namespace std::chrono;

using Entry = const AccessEntry&;
using Text = std::string_view;

void append_or_dash(std::string& out, std::string_view text) {
  if (text.empty()) {
    out += '-';
  } else {
    append_escaped(out, text);
  }
}

template <typename Number>
void append_number(std::string& out, Number number, std::size_t digits = 1) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  const auto size = static_cast<std::size_t>(end - text.data());
  if (size < digits) out.append(digits - size, '0');
  out.append(text.data(), size);
}

template <auto Member>
void append_member(std::string& out, Entry entry, Text) {
  append_or_dash(out, entry.*Member);
}

template <auto Member>
void append_count(std::string& out, Entry entry, Text) {
  append_number(out, entry.*Member);
}

void append_size_or_dash(std::string& out, Entry entry, Text) {
  if (entry.body_size == 0) {
    out += '-';
  } else {
    append_number(out, entry.body_size);
  }
}

void append_user(std::string& out, Entry entry, Text) {
  if (!append_basic_user(out, entry.request_field("authorization"))) out += '-';
}

// `[31/Jan/2026:12:00:00 +0000]`, made once a second; without strftime(3), whose months a plugin's locale
// names.
void append_stamp(std::string& out, Entry entry, Text) {
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static std::time_t made = -1;
  static std::array<char, 80> text;
  static std::size_t size = 0;
  if (entry.ended != made) {
    made = entry.ended;
    std::tm local{};
    ::localtime_r(&made, &local);
    const long east = local.tm_gmtoff / 60, minutes = std::labs(east);
    size = static_cast<std::size_t>(
        std::snprintf(text.data(), text.size(), "[%02d/%s/%04d:%02d:%02d:%02d %c%02ld%02ld]", local.tm_mday,
                      kMonths[local.tm_mon], local.tm_year + 1900, local.tm_hour, local.tm_min, local.tm_sec,
                      east < 0 ? '-' : '+', minutes / 60, minutes % 60));
  }
  out.append(text.data(), size);
}

template <typename Unit>
void append_time(std::string& out, Entry entry, Text) {
  append_number(out, duration_cast<Unit>(entry.took).count());
}

void append_decimal_seconds(std::string& out, Entry entry, Text) {
  const auto took = duration_cast<microseconds>(entry.took).count();
  append_number(out, took / 1'000'000);
  out += '.';
  append_number(out, took % 1'000'000, 6);
}

void append_process(std::string& out, Entry, Text) {
  out += '<';
  append_number(out, ::getpid());
  out += '>';
}

using E = AccessEntry;

constexpr Atom kAtoms[] = {
    {'h', append_member<&E::client>},
    {'l', append_literal, "-"},
    {'u', append_user},
    {'t', append_stamp},
    {'r', append_member<&E::line>},
    {'m', append_member<&E::method>},
    {'U', append_member<&E::path>},
    {'q', append_member<&E::query>},
    {'H', append_member<&E::protocol>},
    {'s', append_count<&E::status>},
    {'B', append_count<&E::body_size>},
    {'b', append_size_or_dash},
    {'f', append_request_field, "referer"},
    {'a', append_request_field, "user-agent"},
    {'T', append_time<seconds>},
    {'M', append_time<milliseconds>},
    {'D', append_time<microseconds>},
    {'L', append_decimal_seconds},
    {'p', append_process},
};

}  // namespace

std::span<const Atom> atoms() { return kAtoms; }

void append_literal(std::string& out, const AccessEntry&, std::string_view text) { out += text; }

void append_request_field(std::string& out, const AccessEntry& entry, std::string_view name) {
  append_or_dash(out, entry.request_field(name));
}

void append_response_field(std::string& out, const AccessEntry& entry, std::string_view name) {
  append_or_dash(out, entry.response_field(name));
}

}  // namespace observe
