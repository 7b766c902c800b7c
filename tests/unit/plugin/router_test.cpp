#include "plugin/router.hpp"

#include <deque>

#include "catch.hpp"

namespace {

class Routes {
 public:
  const plugin::Route* add(const std::string& method, const std::string& pattern) {
    routes_.push_back({nullptr, method, plugin::RoutePattern::parse(pattern), nullptr, nullptr});
    return router_.add(routes_.back());
  }

  // `METHOD pattern value value...` of the route found, or `405 ALLOWED...`, or `404`.
  std::string find(std::string_view method, std::string_view path) {
    const auto match = router_.find(method, path, store_);
    std::string text = match.route             ? match.route->method + " " + match.route->pattern.text()
                       : match.allowed.empty() ? "404"
                                               : "405";
    for (const auto value : match.route ? match.values : match.allowed) text += " " + std::string(value);
    return text;
  }

  bool knows(std::string_view method) const { return router_.knows(method); }

 private:
  std::deque<plugin::Route> routes_;
  plugin::Router router_;
  plugin::TextStore store_;
};

}  // namespace

TEST_CASE("a request finds the route of its path and method") {
  Routes routes;
  routes.add("GET", "/");
  routes.add("GET", "/users/{id}");
  routes.add("POST", "/users");
  CHECK(routes.find("GET", "/") == "GET /");
  CHECK(routes.find("GET", "/users/7") == "GET /users/{id} 7");
  CHECK(routes.find("POST", "/users") == "POST /users");
  CHECK(routes.find("GET", "/nowhere") == "404");
  CHECK(routes.find("GET", "/users/") == "404");
  CHECK(routes.find("GET", "/users/7/") == "404");
}

TEST_CASE("the methods of HTTP are known, and those that routes have") {
  Routes routes;
  routes.add("BREW", "/pot");
  CHECK(routes.knows("BREW"));
  CHECK(routes.knows("TRACE"));
  CHECK_FALSE(routes.knows("get"));
  CHECK_FALSE(routes.knows("WHEN"));
}

TEST_CASE("a literal goes before a parameter, and that before the rest") {
  Routes routes;
  routes.add("GET", "/files/{rest...}");
  routes.add("GET", "/files/{name}");
  routes.add("GET", "/files/readme");
  CHECK(routes.find("GET", "/files/readme") == "GET /files/readme");
  CHECK(routes.find("GET", "/files/other") == "GET /files/{name} other");
  CHECK(routes.find("GET", "/files/a/b") == "GET /files/{rest...} a/b");
  CHECK(routes.find("GET", "/files/") == "GET /files/{rest...} ");
}

TEST_CASE("a dead end is left for the next best way") {
  Routes routes;
  routes.add("GET", "/a/b/c");
  routes.add("GET", "/a/{x}/d");
  CHECK(routes.find("GET", "/a/b/d") == "GET /a/{x}/d b");
}

TEST_CASE("HEAD is answered from GET unless it has a route of its own") {
  Routes routes;
  routes.add("GET", "/a");
  routes.add("GET", "/b");
  routes.add("HEAD", "/b");
  CHECK(routes.find("HEAD", "/a") == "GET /a");
  CHECK(routes.find("HEAD", "/b") == "HEAD /b");
}

TEST_CASE("a method that a path does not have names those it has, each once") {
  Routes routes;
  routes.add("GET", "/users/me");
  routes.add("GET", "/users/{id}");
  routes.add("PUT", "/users/{id}");
  CHECK(routes.find("DELETE", "/users/me") == "405 GET HEAD PUT OPTIONS");
}

TEST_CASE("segments are decoded after the path is split") {
  Routes routes;
  routes.add("GET", "/users/{id}");
  routes.add("GET", "/a b");
  CHECK(routes.find("GET", "/users/a%2Fb") == "GET /users/{id} a/b");
  CHECK(routes.find("GET", "/%61%20b") == "GET /a b");
}

TEST_CASE("a second route of one method and shape is not taken") {
  Routes routes;
  CHECK(routes.add("GET", "/users/{id}") == nullptr);
  const plugin::Route* const first = routes.add("GET", "/users/{name}");
  REQUIRE(first != nullptr);
  CHECK(first->pattern.text() == "/users/{id}");
  CHECK(routes.add("POST", "/users/{name}") == nullptr);
}
