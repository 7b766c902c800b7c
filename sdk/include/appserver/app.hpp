// The plugin as it presents itself to the server: what APPSERVER_PLUGIN's block is given when the worker
// starts. It lives until the worker stops, and so do the handlers it holds. All of it but on_stop() works in
// that block only, and what goes wrong there throws: the boot then fails with the exception's text.
#pragma once

#include <appserver/detail/failure.hpp>
#include <appserver/detail/format.hpp>
#include <appserver/detail/host.hpp>
#include <appserver/request.hpp>
#include <appserver/response.hpp>
#include <appserver/route_options.hpp>
#include <appserver/value.hpp>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace APPSERVER_HIDDEN appserver {
namespace detail {

struct Route {
  virtual ~Route() = default;
};

template <typename Callable>
struct RouteTo : Route {
  explicit RouteTo(Callable handler) : call(std::move(handler)) {}
  Callable call;
};

// The appserver_handler of a RouteTo<Callable>. [may suspend]
template <typename Callable>
std::int32_t handle(appserver_exchange* exchange, void* route) noexcept {
  try {
    Request request(exchange);
    const Response response = static_cast<RouteTo<Callable>*>(route)->call(request);
    response.send(exchange);
    return 0;
  } catch (...) {
    return answer_exception(exchange);
  }
}

}  // namespace detail

class App {
 public:
  App() = default;
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Names the plugin in logs, errors and the configuration file, whose section [name] holds its settings: so
  // it comes before setting(). Letters, digits, `_` and `-`. Without it, the name is the file's.
  App& name(std::string_view name) {
    const int result = detail::host.plugin->set_name(detail::host.self, detail::to_abi(name));
    if (result == -EINVAL) {
      throw std::invalid_argument(
          detail::format("'{}' can't name a plugin: letters, digits, _ and - can", name));
    }
    detail::check(result, "naming the plugin");
    return *this;
  }

  // Answers `method` on `pattern` with a copy of `handler`, anything that can be called as
  // Response(Request&). A segment `{id}` of the pattern matches any one segment, `{rest...}` at its end what
  // is left: see Request::parameter(). HEAD is answered from GET, and OPTIONS with the methods that a path
  // has, unless they have routes of their own; a GET of /files is sent on to the route /files/{rest...}.
  template <typename Handler>
  App& route(std::string_view method, std::string_view pattern, Handler&& handler,
             const RouteOptions& options = {}) {
    using Callable = std::decay_t<Handler>;
    static_assert(std::is_invocable_r_v<Response, Callable&, Request&>, "a handler is a Response(Request&)");
    auto route = std::make_unique<detail::RouteTo<Callable>>(std::forward<Handler>(handler));
    add_route(method, pattern, detail::handle<Callable>, route.get(), options);
    routes_.push_back(std::move(route));
    return *this;
  }
  template <typename Handler>
  App& get(std::string_view pattern, Handler&& handler, const RouteOptions& options = {}) {
    return route("GET", pattern, std::forward<Handler>(handler), options);
  }
  template <typename Handler>
  App& post(std::string_view pattern, Handler&& handler, const RouteOptions& options = {}) {
    return route("POST", pattern, std::forward<Handler>(handler), options);
  }
  template <typename Handler>
  App& put(std::string_view pattern, Handler&& handler, const RouteOptions& options = {}) {
    return route("PUT", pattern, std::forward<Handler>(handler), options);
  }
  template <typename Handler>
  App& patch(std::string_view pattern, Handler&& handler, const RouteOptions& options = {}) {
    return route("PATCH", pattern, std::forward<Handler>(handler), options);
  }
  template <typename Handler>
  App& del(std::string_view pattern, Handler&& handler, const RouteOptions& options = {}) {
    return route("DELETE", pattern, std::forward<Handler>(handler), options);
  }

  // The value of `key` in the plugin's section of the configuration file. A key there that no plugin asks for
  // fails the boot as unknown.
  Value setting(std::string_view key) const {
    appserver_string value{};
    const int found = detail::host.plugin->setting(detail::host.self, detail::to_abi(key), &value);
    detail::check(found, "reading a setting");
    if (found == 0) return {Value::kSetting, key, std::nullopt};
    return {Value::kSetting, key, detail::from_abi(value)};
  }

  // Calls `function` once, when the worker has answered its last request; the last one added comes first. Not
  // in a worker that crashes or is killed. It may suspend.
  App& on_stop(std::function<void()> function) {
    stops_.push_back(std::move(function));
    return *this;
  }

  // For the host's side: calls them. What one throws is logged. [may suspend]
  void stop() noexcept {
    for (; !stops_.empty(); stops_.pop_back()) {
      try {
        stops_.back()();
      } catch (...) {
        detail::describe_exception([](std::string_view why) {
          detail::host.log->write(detail::host.self, APPSERVER_LOG_ERROR, detail::to_abi(why));
        });
      }
    }
  }

 private:
  static void add_route(std::string_view method, std::string_view pattern, appserver_handler handler,
                        void* context, const RouteOptions& options) {
    const appserver_route added = {sizeof(appserver_route),
                                   options.flags_,
                                   detail::to_abi(method),
                                   detail::to_abi(pattern),
                                   handler,
                                   context,
                                   options.body_limit_,
                                   options.timeout_ns_};
    const int result = detail::host.route->add(detail::host.self, &added);
    const auto route = detail::format("{} {}", method, pattern);
    if (result == -EINVAL) throw std::invalid_argument("'" + route + "' is not a route");
    if (result == -EEXIST) throw std::invalid_argument(route + " is routed twice");
    detail::check(result, "adding a route");
  }

  std::vector<std::unique_ptr<detail::Route>> routes_;
  std::vector<std::function<void()>> stops_;
};

}  // namespace appserver
