#include "plugin/route_pattern.hpp"

#include <algorithm>
#include <stdexcept>

namespace plugin {
namespace {

RoutePattern::Segment parse_segment(std::string_view text) {
  using Kind = RoutePattern::Kind;
  if (text.find_first_of("{}") == text.npos) return {Kind::literal, std::string(text)};
  if (!text.starts_with('{') || !text.ends_with('}')) {
    throw std::invalid_argument("a parameter is a whole segment, as in /users/{id}");
  }
  std::string_view name = text.substr(1, text.size() - 2);
  const bool rest = name.ends_with("...");
  if (rest) name.remove_suffix(3);
  if (name.empty() || name.find_first_of("{}.") != name.npos) {
    throw std::invalid_argument("a parameter needs a name, as in /users/{id}");
  }
  return {rest ? Kind::rest : Kind::parameter, std::string(name)};
}

}  // namespace

RoutePattern RoutePattern::parse(std::string_view text) {
  if (!text.starts_with('/')) throw std::invalid_argument("a pattern begins with a slash");
  if (text.find_first_of("?#") != text.npos) {
    throw std::invalid_argument("a pattern is a path, without query or fragment");
  }
  RoutePattern pattern;
  for (;;) {
    text.remove_prefix(1);
    const std::size_t slash = text.find('/');
    if (!pattern.segments.empty() && pattern.segments.back().kind == Kind::rest) {
      throw std::invalid_argument("{" + pattern.segments.back().text +
                                  "...} takes the rest, so it comes last");
    }
    Segment segment = parse_segment(text.substr(0, slash));
    const auto same_name = [&](const Segment& other) {
      return other.kind != Kind::literal && other.text == segment.text;
    };
    if (segment.kind != Kind::literal && std::ranges::any_of(pattern.segments, same_name)) {
      throw std::invalid_argument("two parameters are named " + segment.text);
    }
    pattern.segments.push_back(std::move(segment));
    if (slash == text.npos) return pattern;
    text.remove_prefix(slash);
  }
}

std::string RoutePattern::text() const {
  std::string text;
  for (const Segment& segment : segments) {
    text += '/';
    switch (segment.kind) {
      case Kind::literal:
        text += segment.text;
        break;
      case Kind::parameter:
        text += "{" + segment.text + "}";
        break;
      case Kind::rest:
        text += "{" + segment.text + "...}";
        break;
    }
  }
  return text;
}

std::string RoutePattern::shape() const {
  RoutePattern unnamed = *this;
  for (Segment& segment : unnamed.segments) {
    if (segment.kind != Kind::literal) segment.text.clear();
  }
  return unnamed.text();
}

}  // namespace plugin
