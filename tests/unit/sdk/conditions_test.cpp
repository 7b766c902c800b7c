#include <appserver/conditions.hpp>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;

namespace {

constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kThen = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kLater = "Sun, 06 Nov 1994 08:49:38 GMT";

// The status of the answer to these conditions on something with these validators.
int answer(const std::string& method, const Fields& headers,
           const std::optional<Validators>& now = Validators{"\"v1\"", 784'111'777}) {
  FakeHost host;
  host.start([&](App& app) {
    app.route(method, "/", [&](Request& request) {
      if (auto answer = check_conditions(request, now)) return *std::move(answer);
      return text("all of it");
    });
  });
  appserver_exchange exchange;
  exchange.method = method;
  exchange.headers = headers;
  host.call(exchange);
  return exchange.status;
}

struct Case {
  const char* method;
  Fields headers;
  int status;
};

void check(const std::vector<Case>& cases,
           const std::optional<Validators>& now = Validators{"\"v1\"", 784'111'777}) {
  for (const auto& [method, headers, status] : cases) {
    std::string shown = method;
    for (const auto& [name, value] : headers) shown += "; " + name + ": " + value;
    CAPTURE(shown);
    CHECK(answer(method, headers, now) == status);
  }
}

}  // namespace

TEST_CASE("If-None-Match spares the client what it has, and keeps it from making what is there") {
  check({{"GET", {}, 200},
         {"GET", {{"If-None-Match", "\"v1\""}}, 304},
         {"HEAD", {{"If-None-Match", "\"v1\""}}, 304},
         {"GET", {{"if-none-match", "\"v0\", \"v1\""}}, 304},
         {"GET", {{"If-None-Match", "\"v0\""}, {"If-None-Match", "\"v1\""}}, 304},
         {"GET", {{"If-None-Match", "W/\"v1\""}}, 304},
         {"GET", {{"If-None-Match", "*"}}, 304},
         {"GET", {{"If-None-Match", "\"v0\""}}, 200},
         {"GET", {{"If-None-Match", "v1"}}, 200},
         {"GET", {{"If-None-Match", "\"a,\\\"v1"}}, 200},
         {"PUT", {{"If-None-Match", "*"}}, 412},
         {"PUT", {{"If-None-Match", "\"v1\""}}, 412},
         {"PUT", {{"If-None-Match", "\"v0\""}}, 200}});
  check({{"PUT", {{"If-None-Match", "*"}}, 200}, {"PUT", {{"If-None-Match", "\"v1\""}}, 200}}, std::nullopt);
}

TEST_CASE("If-Match lets only what the client has seen be changed") {
  check({{"PUT", {{"If-Match", "\"v1\""}}, 200},
         {"PUT", {{"If-Match", "*"}}, 200},
         {"PUT", {{"If-Match", "\"v0\""}, {"If-Match", "\"v1\""}}, 200},
         {"PUT", {{"If-Match", "\"v0\""}}, 412},
         {"PUT", {{"If-Match", "W/\"v1\""}}, 412},
         {"PUT", {{"If-Match", ""}}, 412},
         {"GET", {{"If-Match", "\"v0\""}}, 412}});
  check({{"PUT", {{"If-Match", "*"}}, 412}, {"PUT", {}, 200}, {"PUT", {{"If-Unmodified-Since", kThen}}, 200}},
        std::nullopt);
  check({{"PUT", {{"If-Match", "W/\"v1\""}}, 412}}, Validators{"W/\"v1\"", {}});
  check({{"GET", {{"If-None-Match", "\"v1\""}}, 304}}, Validators{"W/\"v1\"", {}});
}

TEST_CASE("dates are conditions too") {
  check({{"GET", {{"If-Modified-Since", kThen}}, 304},
         {"GET", {{"If-Modified-Since", kLater}}, 304},
         {"GET", {{"If-Modified-Since", kBefore}}, 200},
         {"GET", {{"If-Modified-Since", "yesterday"}}, 200},
         {"GET", {{"If-Modified-Since", kThen}, {"If-Modified-Since", kThen}}, 200},
         {"POST", {{"If-Modified-Since", kThen}}, 200},
         {"POST", {{"If-Unmodified-Since", kThen}}, 200},
         {"POST", {{"If-Unmodified-Since", kBefore}}, 412},
         {"POST", {{"If-Unmodified-Since", "yesterday"}}, 200}});
  check({{"GET", {{"If-Modified-Since", kThen}}, 200}, {"GET", {{"If-Unmodified-Since", kBefore}}, 200}},
        Validators{"\"v1\"", {}});
}

TEST_CASE("conditions go before one another as RFC 9110 section 13.2.2 has it") {
  check({{"GET", {{"If-Match", "\"v1\""}, {"If-Unmodified-Since", kBefore}}, 200},
         {"GET", {{"If-Match", "\"v0\""}, {"If-None-Match", "\"v1\""}}, 412},
         {"GET", {{"If-Match", "\"v1\""}, {"If-None-Match", "\"v1\""}}, 304},
         {"GET", {{"If-Unmodified-Since", kBefore}, {"If-None-Match", "\"v1\""}}, 412},
         {"GET", {{"If-None-Match", "\"v0\""}, {"If-Modified-Since", kThen}}, 200},
         {"GET", {{"If-None-Match", "\"v1\""}, {"If-Modified-Since", kBefore}}, 304}});
}

TEST_CASE("an answer bears what tells its state") {
  FakeHost host;
  const Validators now{"\"v1\"", 784'111'777};
  host.start([&](App& app) {
    app.get("/new", [&](Request&) { return now.on(text("x")); });
    app.get("/old", [&](Request& request) { return *check_conditions(request, now); });
  });
  CHECK(host.get("/new").header("ETag") == "\"v1\"");
  CHECK(host.get("/new").header("Last-Modified") == kThen);
  appserver_exchange old;
  old.path = "/old";
  old.headers = {{"If-None-Match", "*"}};
  host.call(old);
  CHECK(old.answer_headers == Fields{{"ETag", "\"v1\""}});
}
