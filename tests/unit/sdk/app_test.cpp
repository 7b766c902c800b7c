#include <appserver/plugin.hpp>
#include <chrono>
#include <limits>
#include <memory>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;
using namespace std::chrono_literals;

namespace {

struct Silent : std::exception {
  const char* what() const noexcept override { return ""; }
};

Response free_function(Request&) { return text("free function"); }

}  // namespace

TEST_CASE("a plugin names itself and adds its routes") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    const auto handler = [](Request& request) { return text(request.method()); };
    app.name("shop").get("/a", handler).post("/a", handler).put("/a", handler).patch("/a", handler);
    app.del("/a", handler).route("PURGE", "/b/{rest...}", handler);
  }) == 0);
  CHECK(host.name == "shop");
  std::string routes;
  for (const auto& route : host.routes) routes += route.method + " " + route.pattern + "\n";
  CHECK(routes == "GET /a\nPOST /a\nPUT /a\nPATCH /a\nDELETE /a\nPURGE /b/{rest...}\n");
}

TEST_CASE(
    "a route has a limit of time, a limit of the body and a wish to outlive its client where it asks for "
    "them") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.get("/plain", free_function);
    app.post("/all", free_function, RouteOptions().timeout(2s).body_limit(100).outlives_client());
    app.get("/for_ever", free_function, RouteOptions().timeout(0s));
  }) == 0);
  CHECK(host.routes[0].flags == 0);
  CHECK(host.routes[0].body_limit == 0);
  CHECK(host.routes[0].timeout_ns == 0);
  CHECK(host.routes[1].flags == APPSERVER_ROUTE_OUTLIVES_CLIENT);
  CHECK(host.routes[1].body_limit == 100);
  CHECK(host.routes[1].timeout_ns == 2'000'000'000);
  CHECK(host.routes[2].timeout_ns < 0);
}

TEST_CASE("a request tells whether it has been cancelled") {
  FakeHost host;
  bool cancelled = false;
  REQUIRE(host.start([&](App& app) {
    app.get("/", [&](Request& request) {
      cancelled = request.cancelled();
      return text("seen");
    });
  }) == 0);
  host.get("/");
  CHECK_FALSE(cancelled);
  appserver_exchange exchange;
  exchange.path = "/";
  exchange.cancelled = APPSERVER_CANCELLED_CLIENT_GONE;
  host.call(exchange);
  CHECK(cancelled);
}

TEST_CASE("a handler is anything that can be called, and lives until the plugin stops") {
  FakeHost host;
  auto counter = std::make_shared<int>(0);
  REQUIRE(host.start([&](App& app) {
    app.get("/function", free_function);
    app.get("/lambda", [counter](Request&) { return text("{}", ++*counter); });
    app.get("/owner", [owned = std::make_unique<int>(7)](Request&) { return text("{}", *owned); });
  }) == 0);
  CHECK(host.get("/function").text() == "free function");
  CHECK(host.get("/lambda").text() == "1");
  CHECK(host.get("/lambda").text() == "2");
  CHECK(host.get("/owner").text() == "7");
  CHECK(counter.use_count() == 2);
  host.stop();
  CHECK(counter.use_count() == 1);
}

TEST_CASE("an exception that leaves a handler is for the log, not for the client") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.get("/error", [](Request&) -> Response { throw std::runtime_error("secret"); });
    app.get("/silent", [](Request&) -> Response { throw Silent(); });
    app.get("/number", [](Request&) -> Response { throw 42; });
    app.get("/teapot", [](Request&) -> Response { throw HttpError(418, "short and stout"); });
    app.get("/status", [](Request&) -> Response { throw HttpError(42, "no such status"); });
  }) == 0);
  const auto error = host.get("/error");
  CHECK(error.result < 0);
  CHECK(error.failure == "secret");
  CHECK_FALSE(error.begun);
  CHECK(host.get("/silent").failure.find("Silent") != std::string::npos);
  CHECK(host.get("/number").failure == "an exception of type int");
  CHECK(host.get("/status").result < 0);
  CHECK(host.get("/status").failure == "no such status");
  const auto teapot = host.get("/teapot");
  CHECK(teapot.result == 0);
  CHECK(teapot.status == 418);
  CHECK(teapot.text() == "short and stout");
  CHECK(teapot.header("Content-Type") == "text/plain; charset=utf-8");
}

TEST_CASE("a plugin that throws in its start fails the boot with the reason") {
  const std::pair<std::function<void(App&)>, std::string> cases[] = {
      {[](App&) { throw std::runtime_error("no licence"); }, "no licence"},
      {[](App&) { throw 42; }, "an exception of type int"},
      {[](App& app) { app.name("a b"); }, "'a b' can't name a plugin: letters, digits, _ and - can"},
      {[](App& app) { app.get("x", free_function); }, "'GET x' is not a route"},
      {[](App& app) { app.get("/", free_function).get("/", free_function); }, "GET / is routed twice"},
      {[](App& app) { app.setting("address").required<std::string>(); },
       "setting 'address' is missing: give it in the plugin's section of the configuration file"},
      {[](App& app) { app.setting("size").as<int>(1, 9); }, "setting 'size': 12 is not between 1 and 9"}};
  for (const auto& [define, reason] : cases) {
    FakeHost host;
    host.settings = {{"size", "12"}};
    CHECK(host.start(define) < 0);
    CHECK(host.failure == reason);
  }
}

TEST_CASE("a host that lacks what the plugin needs is told so") {
  FakeHost host;
  host.missing_table = APPSERVER_SOCKET_TABLE;
  CHECK(host.start([](App&) {}) < 0);
  CHECK(host.failure == "this server does not offer appserver.socket/1");
  host.missing_table = APPSERVER_PLUGIN_TABLE;
  CHECK(host.start([](App&) {}) < 0);
}

TEST_CASE("what is to be done when the plugin stops is done once, the last first") {
  FakeHost host;
  std::string done;
  REQUIRE(host.start([&](App& app) {
    app.on_stop([&] { done += "first "; });
    app.on_stop([] { throw std::runtime_error("can't save"); });
    app.on_stop([&] { done += "last "; });
  }) == 0);
  CHECK(done.empty());
  host.stop();
  CHECK(done == "last first ");
  CHECK(host.log == std::vector<std::pair<int, std::string>>{{APPSERVER_LOG_ERROR, "can't save"}});
}

TEST_CASE("a plugin reads its settings, its worker's place, and writes to the log") {
  FakeHost host;
  host.settings = {{"size", "12"}};
  REQUIRE(host.start([](App& app) {
    log_info("size {}", app.setting("size").required<int>());
    log_warning("{}");
    log_debug("worker {} of generation {}", worker_index(), generation());
  }) == 0);
  CHECK(host.log ==
        std::vector<std::pair<int, std::string>>{{APPSERVER_LOG_INFO, "size 12"},
                                                 {APPSERVER_LOG_WARNING, "{}"},
                                                 {APPSERVER_LOG_DEBUG, "worker 3 of generation 7"}});
}

TEST_CASE("a sleep is handed on in nanoseconds, as long as they can say") {
  FakeHost host;
  REQUIRE(host.start([](App&) {}) == 0);
  const auto slept = [](Seconds time) {
    sleep_for(time);
    return network.slept;
  };
  CHECK(slept(1500ms) == 1'500'000'000);
  CHECK(slept(Seconds(0.25)) == 250'000'000);
  CHECK(slept(Seconds(-1)) == 0);
  CHECK(slept(Seconds(1e300)) == std::numeric_limits<std::int64_t>::max());
  CHECK(slept(Seconds(std::numeric_limits<double>::quiet_NaN())) == 0);
}
