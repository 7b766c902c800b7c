#include "plugin/router.hpp"

#include <algorithm>

namespace plugin {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// The route for a method among those of one path.
const Route* choose(const std::vector<const Route*>& routes, std::string_view method) {
  const auto found = std::ranges::find(routes, method, &Route::method);
  if (found != routes.end()) return *found;
  return method == "HEAD" ? choose(routes, "GET") : nullptr;
}

void add_allowed(std::vector<std::string_view>& allowed, std::string_view method) {
  if (std::ranges::find(allowed, method) == allowed.end()) allowed.push_back(method);
}

}  // namespace

// What may follow one slash of a path.
struct Router::Node {
  std::unordered_map<std::string, std::unique_ptr<Node>, TextHash, std::equal_to<>> literals;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::vector<const Route*> routes;  // of the path that ends here
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

const Route* Router::add(const Route& route) {
  Node* node = root_.get();
  for (const auto& segment : route.pattern.segments) {
    std::unique_ptr<Node>& next = segment.kind == RoutePattern::Kind::literal ? node->literals[segment.text]
                                  : segment.kind == RoutePattern::Kind::parameter ? node->parameter
                                                                                  : node->rest;
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  const auto there = std::ranges::find(node->routes, route.method, &Route::method);
  if (there != node->routes.end()) return *there;
  node->routes.push_back(&route);
  if (std::ranges::find(methods_, route.method) == methods_.end()) methods_.push_back(route.method);
  return nullptr;
}

Router::Match Router::find(std::string_view method, std::string_view path, TextStore& store) const {
  Match match;
  if (path.starts_with('/')) descend(*root_, method, path, store, match);
  if (!match.route && !match.allowed.empty()) add_allowed(match.allowed, "OPTIONS");
  return match;
}

bool Router::knows(std::string_view method) const {
  // RFC 9110 section 9.3, RFC 5789
  constexpr std::string_view kOfHttp[] = {"GET",    "HEAD",    "POST",    "PUT",  "PATCH",
                                          "DELETE", "CONNECT", "OPTIONS", "TRACE"};
  return std::ranges::find(kOfHttp, method) != std::end(kOfHttp) ||
         std::ranges::find(methods_, method) != methods_.end();
}

// `rest` is empty where the path ends, or begins with a slash.
bool Router::descend(const Node& node, std::string_view method, std::string_view rest, TextStore& store,
                     Match& match) const {
  if (rest.empty()) {
    if (node.routes.empty()) return false;
    match.route = choose(node.routes, method);
    if (match.route) return true;
    for (const Route* other : node.routes) {
      add_allowed(match.allowed, other->method);
      if (choose(node.routes, "HEAD") == other) add_allowed(match.allowed, "HEAD");
    }
    return false;
  }
  rest.remove_prefix(1);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view segment = decode_percent(rest.substr(0, slash), store);
  if (const auto literal = node.literals.find(segment); literal != node.literals.end()) {
    if (descend(*literal->second, method, rest.substr(slash), store, match)) return true;
  }
  if (node.parameter && !segment.empty()) {
    match.values.push_back(segment);
    if (descend(*node.parameter, method, rest.substr(slash), store, match)) return true;
    match.values.pop_back();
  }
  if (node.rest) {
    match.values.push_back(decode_percent(rest, store));
    if (descend(*node.rest, method, {}, store, match)) return true;
    match.values.pop_back();
  }
  return false;
}

}  // namespace plugin
