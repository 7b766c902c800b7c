#include "plugin/application.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>

#include "base/log.hpp"
#include "plugin/call.hpp"
#include "plugin/load_error.hpp"
#include "runtime/spawn.hpp"

namespace plugin {
namespace {

struct NoStack : std::runtime_error {
  NoStack() : std::runtime_error("there is no memory for another stack") {}
};

// Runs `function` here, or on a fiber with a stack as large as the plugin's code has asked for. Throws
// NoStack before it has run. [worker, may suspend]
template <typename Function>
void run_on_stack_of(const Plugin& plugin, Function function) {
  runtime::StackPool* const stacks = plugin.stacks();
  if (!stacks) return function();
  bool begun = false;
  try {
    runtime::run_on_fiber(*stacks, [&] {
      begun = true;
      function();
    });
  } catch (const std::bad_alloc&) {
    if (begun) throw;
    throw NoStack();
  }
}

}  // namespace

const Plugin& Application::open(const Origin& origin) {
  return *plugins_.emplace_back(std::make_unique<Plugin>(origin, surroundings_));
}

void Application::start_last() {
  Plugin& plugin = *plugins_.back();
  run_on_stack_of(plugin, [&] { plugin.start(); });
  // One file may be mounted twice; two files of one name would be one in the log and in the configuration.
  const auto namesake = std::ranges::find_if(plugins_, [&](const auto& other) {
    return other->name() == plugin.name() && other->path() != plugin.path();
  });
  if (namesake == plugins_.end()) return;
  throw LoadError((*namesake)->file() + " and " + plugin.file() + " both call themselves " + plugin.name() +
                  ": rename one, by app.name() or by its file");
}

void Application::finish_loading() {
  for (const auto& plugin : plugins_) {
    for (const Route& route : plugin->routes()) {
      const Route* const other = router_.add(route);
      if (!other) continue;
      throw LoadError("plugins " + other->plugin->name() + " (" + other->plugin->file() + ") and " +
                      plugin->name() + " (" + plugin->file() + ") both claim " + route.method + " " +
                      route.pattern.text() +
                      "; mount one under a prefix: --plugin /PREFIX=" + plugin->file());
    }
  }
  check_sections();
}

void Application::check_sections() const {
  for (const auto& [section, settings] : surroundings_.settings) {
    if (std::ranges::any_of(plugins_,
                            [&name = section](const auto& plugin) { return plugin->name() == name; }))
      continue;
    std::string known;
    for (const auto& plugin : plugins_) known += (known.empty() ? "" : ", ") + plugin->name();
    throw LoadError("the configuration file has a section [" + section +
                        "] and no plugin of that name is loaded; loaded are " + known,
                    base::ExitCode::bad_config);
  }
}

void Application::stop() {
  for (auto last = plugins_.rbegin(); last != plugins_.rend(); ++last) {
    Plugin& plugin = **last;
    try {
      run_on_stack_of(plugin, [&] { plugin.stop(); });
    } catch (const NoStack& error) {
      base::log_error("plugin ", plugin.name(), " is not stopped: ", error.what());
    }
  }
}

// A folder of files has a slash at its end, and who types its path may have none: /files is meant for
// /files/{path...}. A relative reference holds behind a proxy that has taken a prefix off, and can't lead to
// another host.
bool Application::redirect_to_slash(http::Exchange& exchange) const {
  const http::RequestHead& head = exchange.head;
  const std::string_view name = head.path.substr(head.path.rfind('/') + 1);
  if ((head.method != "GET" && head.method != "HEAD") || name.empty()) return false;
  TextStore store;
  if (!router_.find(head.method, std::string(head.path) + '/', store).route) return false;
  std::string location = "./" + std::string(name) + '/';
  if (!head.query.empty()) location.append("?").append(head.query);
  exchange.response.add_field("Location", location);
  http::answer_with_text(exchange, 301, "Moved Permanently");
  return true;
}

void Application::serve(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head;
  // `OPTIONS *` asks of the server, not of a resource (RFC 9110 section 9.3.7).
  if (head.path == "*") {
    exchange.response.set_status(204);
    return;
  }
  TextStore store;
  Router::Match match = router_.find(head.method, head.path, store);
  if (match.route) {
    if (!exchange.body.set_limit(match.route->body_limit.value_or(exchange.body.server_limit()))) {
      exchange.response.close_after();
      return http::answer_with_text(exchange, 413, "The request's body is too long.");
    }
    Call call(exchange, *match.route, std::move(match.values), std::move(store), board_, overtime_,
              ++requests_);
    try {
      run_on_stack_of(*match.route->plugin, [&] { call.run(); });
    } catch (const NoStack& error) {
      base::log_error(match.route->plugin->name(), ": ", call.description(), " is refused: ", error.what());
      http::answer_with_text(exchange, 503, "Service Unavailable");
    }
  } else if (!router_.knows(head.method)) {
    http::answer_with_text(exchange, 501, "No handler of this server has this method.");
  } else if (match.allowed.empty()) {
    if (!redirect_to_slash(exchange)) http::answer_with_text(exchange, 404, "Not Found");
  } else {
    std::string allow;
    for (const std::string_view method : match.allowed) {
      allow.append(allow.empty() ? "" : ", ").append(method);
    }
    exchange.response.add_field("Allow", allow);
    if (head.method == "OPTIONS") {
      exchange.response.set_status(204);
    } else {
      http::answer_with_text(exchange, 405, "Method Not Allowed");
    }
  }
}

}  // namespace plugin
