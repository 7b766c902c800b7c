// A route's pattern: `/users/{id}`, `/files/{path...}`. Constant once it is read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugin {

struct RoutePattern {
  enum class Kind { literal, parameter, rest };
  struct Segment {
    Kind kind;
    std::string text;  // of a literal, or the parameter's name
  };

  std::vector<Segment> segments;  // what stands behind each slash

  // Throws std::invalid_argument with a text that says what is wrong.
  static RoutePattern parse(std::string_view text);

  std::string text() const;

  // The pattern with its parameters' names left out: two patterns of one shape match the same paths.
  std::string shape() const;
};

}  // namespace plugin
