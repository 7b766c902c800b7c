#include "http/token.hpp"

#include <algorithm>
#include <array>

namespace http {
namespace {

using CharSet = std::array<bool, 256>;

constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A look-up a character: these run over the names and values of every head.
template <typename Belongs>
constexpr CharSet set_of(Belongs belongs) {
  CharSet set{};
  for (int c = 0; c < 256; ++c) set[static_cast<std::size_t>(c)] = belongs(static_cast<char>(c));
  return set;
}

constexpr CharSet kTokenChars = set_of([](char c) {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
});

constexpr CharSet kFieldChars = set_of([](char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
});

constexpr CharSet kHostChars = set_of([](char c) {
  return is_alphanumeric(c) || std::string_view("-._~!$&'()*+;=").find(c) != std::string_view::npos;
});

bool all_in(const CharSet& set, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return set[static_cast<unsigned char>(c)]; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool is_token_char(char c) { return kTokenChars[static_cast<unsigned char>(c)]; }
bool is_token(std::string_view text) { return !text.empty() && all_in(kTokenChars, text); }

bool is_field_char(char c) { return kFieldChars[static_cast<unsigned char>(c)]; }
bool is_field_value(std::string_view text) { return all_in(kFieldChars, text); }

bool is_host_char(char c) { return kHostChars[static_cast<unsigned char>(c)]; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool has_bad_escape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) return true;
  }
  return false;
}

bool is_registered_name(std::string_view text) {
  const bool plain = all_in(kHostChars, text);
  return plain || (std::ranges::all_of(text, [](char c) { return c == '%' || is_host_char(c); }) &&
                   !has_bad_escape(text));
}

bool same_token(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

}  // namespace http
