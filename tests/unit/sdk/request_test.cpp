#include <appserver/request.hpp>
#include <cerrno>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;

TEST_CASE("trailers are there when the body has been read") {
  FakeHost host;
  std::string seen;
  REQUIRE(host.start([&](App& app) {
    app.post("/", [&](Request& request) {
      CHECK_THROWS_WITH(request.trailers(), "trailers stand behind the body: read that to its end first");
      CHECK_THROWS_AS(request.trailer("Sum"), std::logic_error);
      request.body().all();
      for (const auto& [name, value] : request.trailers()) seen += detail::format("{}={} ", name, value);
      seen += request.trailer("Sum").value_or("none");
      CHECK_FALSE(request.trailer("Missing"));
      return Response();
    });
  }) == 0);
  appserver_exchange exchange;
  exchange.method = "POST";
  exchange.body = {"a"};
  exchange.trailers = {{"Sum", "1"}, {"Other", ""}};
  host.call(exchange);
  CHECK(seen == "Sum=1 Other= 1");
}

TEST_CASE("a handler sees what the client asked") {
  FakeHost host;
  std::string seen;
  REQUIRE(host.start([&](App& app) {
    app.get("/users/{id}", [&](Request& request) {
      seen = detail::format("{} {}?{} {}", request.method(), request.path(), request.query_string(),
                            request.id());
      seen += detail::format(" user {}", request.parameter("id").required<int>());
      for (const auto [name, value] : request.headers()) seen += detail::format(" {}={}", name, value);
      if (request.header("Missing")) seen += " a header that was not sent";
      return Response();
    });
  }) == 0);

  appserver_exchange exchange;
  exchange.path = "/users/{id}";
  exchange.parameters = {{"id", "12"}};
  exchange.headers = {{"Host", "a"}, {"Accept", "b"}, {"Accept", "c"}};
  host.call(exchange);
  CHECK(seen == "GET /users/{id}?raw=query 42-1 user 12 Host=a Accept=b Accept=c");
}

TEST_CASE("a handler sees who asks, and what its URLs begin with") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.get("/", [](Request& request) {
      const Client client = request.client();
      return text("{} {} {} {}", client.address().value_or("nobody"), client.port(), client.secure(),
                  client.origin());
    });
  }) == 0);

  appserver_exchange exchange;
  exchange.client_address = "192.0.2.1";
  exchange.scheme = "https";
  exchange.host = "example.org:8443";
  host.call(exchange);
  CHECK(exchange.text() == "192.0.2.1 4711 true https://example.org:8443");
  CHECK(host.get("/").text() == "nobody 0 false http://example.org");

  appserver_exchange old;
  old.host = "";
  host.call(old);
  CHECK(old.status == 400);
}

TEST_CASE("a path parameter that is wrong is answered with 400") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.get("/", [](Request& request) { return text("{}", request.parameter("id").required<int>()); });
  }) == 0);
  appserver_exchange exchange;
  exchange.parameters = {{"id", "me"}};
  host.call(exchange);
  CHECK(exchange.status == 400);
  CHECK(exchange.text() == "path parameter 'id': 'me' is not a whole number");
}

TEST_CASE("a body is read whole or piece by piece") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.post("/whole", [](Request& request) { return text(request.body().all()); });
    app.post("/pieces", [](Request& request) {
      std::string pieces = request.body().length() ? "known" : "unknown";
      char first[2];
      pieces += " " + std::string(first, request.body().read(first, sizeof first));
      while (const auto piece = request.body().read()) pieces += "|" + std::string(*piece);
      return text(pieces);
    });
  }) == 0);

  appserver_exchange whole;
  whole.method = "POST";
  whole.path = "/whole";
  whole.body = {"one", "two"};
  auto pieces = whole;
  host.call(whole);
  CHECK(whole.text() == "onetwo");

  pieces.path = "/pieces";
  pieces.body_length = -1;
  host.call(pieces);
  CHECK(pieces.text() == "unknown on|e|two");
}

TEST_CASE("a body that can't be read ends the handler with the status that fits") {
  FakeHost host;
  REQUIRE(host.start([](App& app) {
    app.post("/whole", [](Request& request) { return text(request.body().all()); });
    app.post("/pieces", [](Request& request) {
      while (request.body().read()) continue;
      return text("read");
    });
  }) == 0);
  const std::pair<int, int> cases[] = {{-EMSGSIZE, 413}, {-EBADMSG, 400}, {-ETIMEDOUT, 408}};
  for (const char* path : {"/whole", "/pieces"}) {
    for (const auto& [error, status] : cases) {
      appserver_exchange exchange;
      exchange.method = "POST";
      exchange.path = path;
      exchange.body_result = error;
      host.call(exchange);
      CHECK(exchange.result == 0);
      CHECK(exchange.status == status);
    }
    appserver_exchange gone;
    gone.method = "POST";
    gone.path = path;
    gone.body_result = -ECONNRESET;
    host.call(gone);
    CHECK(gone.result == -ECONNRESET);
    CHECK(gone.pieces.empty());
  }
}
