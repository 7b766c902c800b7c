// A header's value with its parameters, taken apart: `form-data; name="a"; filename="b.txt"`.
#pragma once

#include <algorithm>
#include <appserver/detail/visibility.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct HeaderValue {
  std::string value;                                            // in small letters
  std::vector<std::pair<std::string, std::string>> parameters;  // names in small letters, none of them twice

  // The parameter `name`, in small letters, or null.
  const std::string* find(std::string_view name) const {
    for (const auto& [key, text] : parameters) {
      if (key == name) return &text;
    }
    return nullptr;
  }
};

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// RFC 9110 section 5.6.2.
inline bool is_token(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

inline void skip_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

// Takes the token that `text` begins with; what it gives is empty where there is none.
inline std::string_view take_token(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_token(text.substr(size, 1))) ++size;
  const auto token = text.substr(0, size);
  text.remove_prefix(size);
  return token;
}

// Takes the quoted string that `text` begins with. Browsers write `"`, CR and LF of a file's name as %22, %0D
// and %0A, and a backslash as it is (HTML Standard, "multipart/form-data encoding algorithm"); older clients
// write `\"` and `\\` (RFC 2045). Both are undone, and any other backslash stands for itself. False: it has
// no end.
inline bool take_quoted(std::string_view& text, std::string& unquoted) {
  constexpr std::pair<std::string_view, char> kEscapes[] = {
      {"\\\"", '"'}, {"\\\\", '\\'}, {"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}};
  text.remove_prefix(1);
  while (!text.empty()) {
    const auto* const escape = std::find_if(std::begin(kEscapes), std::end(kEscapes), [&](const auto& e) {
      return text.substr(0, e.first.size()) == e.first;
    });
    if (escape != std::end(kEscapes)) {
      unquoted += escape->second;
      text.remove_prefix(escape->first.size());
      continue;
    }
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return true;
    unquoted += c;
  }
  return false;
}

// Nothing where `text` is malformed, or has a parameter twice: two readers might choose differently.
inline std::optional<HeaderValue> parse_header_value(std::string_view text) {
  HeaderValue parsed;
  skip_space(text);
  parsed.value = to_lower(take_token(text));
  if (!text.empty() && text.front() == '/') {  // a media type
    text.remove_prefix(1);
    parsed.value += '/' + to_lower(take_token(text));
  }
  if (parsed.value.empty()) return std::nullopt;
  for (;;) {
    skip_space(text);
    if (text.empty()) return parsed;
    if (text.front() != ';') return std::nullopt;
    text.remove_prefix(1);
    skip_space(text);
    if (text.empty() || text.front() == ';') continue;  // RFC 9110 section 5.6.6 allows for an empty one
    const auto name = to_lower(take_token(text));
    if (name.empty() || text.empty() || text.front() != '=' || parsed.find(name)) return std::nullopt;
    text.remove_prefix(1);
    std::string value;
    if (!text.empty() && text.front() == '"') {
      if (!take_quoted(text, value)) return std::nullopt;
    } else {
      value = take_token(text);
      if (value.empty()) return std::nullopt;
    }
    parsed.parameters.emplace_back(name, std::move(value));
  }
}

}  // namespace detail
}  // namespace appserver
