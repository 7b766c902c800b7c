// Finds the route of a request. Filled at boot, constant while the worker serves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "appserver/abi.h"
#include "plugin/percent.hpp"
#include "plugin/route_pattern.hpp"
#include "runtime/clock.hpp"

namespace plugin {

class Plugin;

struct Route {
  const Plugin* plugin;
  std::string method;
  RoutePattern pattern{};  // with the plugin's prefix
  appserver_handler handler;
  void* context;
  bool outlives_client = false;                // what it does is to be finished when its client has gone
  std::optional<std::uint64_t> body_limit{};   // bytes; else the server's
  std::optional<runtime::Duration> timeout{};  // zero: none; else the server's
};

class Router {
 public:
  struct Match {
    const Route* route = nullptr;          // null: none
    std::vector<std::string_view> values;  // of the pattern's parameters, decoded, in their order
    // Where the path is there but not the method: those that are, and OPTIONS.
    std::vector<std::string_view> allowed;
  };

  Router();
  ~Router();

  // `route` outlives the router. Gives the route that was there already for the same method and shape, and
  // then adds nothing; else null.
  const Route* add(const Route& route);

  // A literal segment goes before a parameter, and that before the rest; HEAD is found under GET where it
  // has no route of its own. Decoded values may lie in `store`.
  Match find(std::string_view method, std::string_view path, TextStore& store) const;

  // Whether the method is one of HTTP's own, or has a route somewhere. Any other is not implemented, whatever
  // the path (RFC 9110 section 9.1).
  bool knows(std::string_view method) const;

 private:
  struct Node;
  bool descend(const Node& node, std::string_view method, std::string_view rest, TextStore& store,
               Match& match) const;

  std::unique_ptr<Node> root_;
  std::vector<std::string> methods_;  // that routes have
};

}  // namespace plugin
