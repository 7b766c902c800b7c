// A route's pattern on the first line and a request's path on the second. What a match says must bring the
// request to the same place when it is put into the pattern again.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "fuzz.hpp"
#include "plugin/router.hpp"

namespace {

using plugin::Route;
using plugin::RoutePattern;
using plugin::Router;

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    (out += '%') += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

// The pattern's path with these values in the place of its parameters.
std::string filled(const RoutePattern& pattern, const std::vector<std::string_view>& values) {
  std::string path;
  auto value = values.begin();
  for (const auto& segment : pattern.segments) {
    path += "/" + encoded(segment.kind == RoutePattern::Kind::literal ? segment.text : *value++);
  }
  return path;
}

Route get(RoutePattern pattern) { return {nullptr, "GET", std::move(pattern), nullptr, nullptr}; }

}  // namespace

void fuzz(std::string_view input) {
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  RoutePattern pattern;
  try {
    pattern = RoutePattern::parse(input.substr(0, line_end));
  } catch (const std::invalid_argument&) {
    return;
  }
  expect(RoutePattern::parse(pattern.text()).text() == pattern.text(), "a pattern's text is a pattern");

  const Route route = get(std::move(pattern));
  const Route everything = get(RoutePattern::parse("/{rest...}"));
  Router router;
  expect(router.add(route) == nullptr, "the first route is added");
  expect(router.add(route) == &route, "the same route is known again");
  const bool other = route.pattern.shape() != everything.pattern.shape();
  if (other) expect(router.add(everything) == nullptr, "a route of another shape is added");

  const std::string_view path = input.substr(std::min(line_end + 1, input.size()));
  plugin::TextStore store;
  const Router::Match match = router.find("GET", path, store);
  expect((match.route != nullptr) == path.starts_with('/'),
         "every path has a route, and nothing else has one");
  if (!match.route) return;
  const Router::Match head = router.find("HEAD", path, store);
  expect(head.route == match.route && head.values == match.values, "HEAD is found under GET");
  const Router::Match post = router.find("POST", path, store);
  expect(!post.route && !post.allowed.empty(), "another method is told which are allowed");
  if (match.route != &route) return;
  const Router::Match again = router.find("GET", filled(route.pattern, match.values), store);
  expect(again.route == match.route && again.values == match.values, "what was matched matches again");
}
