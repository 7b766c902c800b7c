// What a client may send, how much of it and how slowly.
#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

TEST_CASE("where all connections are idle, the oldest are closed for new ones") {
  Server server;
  server.start_with({"probe.so"}, {"--worker-connections", "3"});
  std::vector<HttpClient> idle;
  for (int i = 0; i < 3; ++i) {
    idle.push_back(server.connect());
    CHECK(idle.back().get("/index").status == 200);
  }
  HttpClient fourth = server.connect();
  CHECK(fourth.get("/index").status == 200);
  CHECK(idle[0].is_closed_by_server());
  CHECK(idle[1].get("/index").status == 200);
  CHECK_FALSE(server.wait_for("--worker-connections are taken").empty());
}

TEST_CASE("where all connections are at their heads, the oldest gives way to new ones") {
  Server server;
  server.start_with({"probe.so"}, {"--worker-connections", "2"});
  HttpClient slow = server.connect();
  slow.send("GET /index HT");
  HttpClient slower = server.connect();
  slower.send("GET");
  CHECK(server.fetch("/index").status == 200);
  CHECK(slow.receive().status == 503);
  CHECK_FALSE(slower.has_bytes());
}

TEST_CASE("where all connections are being served, new ones wait") {
  Server server;
  server.start_with({"probe.so"}, {"--worker-connections", "1"});
  HttpClient busy = lingering(server, "0.3");
  HttpClient next = server.connect();
  next.send(get_request("/index"));
  CHECK(ends_well(busy));
  CHECK(next.receive().status == 200);
}

TEST_CASE("a request line that is too long is refused with 414") {
  Server server;
  server.start_with({"hello.so"});
  CHECK(server.fetch("/hello?" + std::string(8000, 'a')).status == 200);
  HttpClient client = server.connect();
  client.send(get_request("/hello?" + std::string(9000, 'a')));
  CHECK(client.receive().status == 414);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a header field that is too long is refused with 431") {
  Server server;
  server.start_with({"hello.so"}, {"--limit-request-field_size", "1000"});
  CHECK(server.connect().request("GET", "/hello", "", "X: " + std::string(900, 'a') + "\r\n").status == 200);
  HttpClient client = server.connect();
  client.send(get_request("/hello", "X: " + std::string(1100, 'a') + "\r\n"));
  CHECK(client.receive().status == 431);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("too many header fields are refused with 431") {
  Server server;
  server.start_with({"hello.so"}, {"--limit-request-fields", "10"});
  std::string fields;
  for (int i = 0; i < 9; ++i) fields += "X-Field: 1\r\n";
  CHECK(server.connect().request("GET", "/hello", "", fields).status == 200);
  CHECK(server.connect().request("GET", "/hello", "", fields + fields).status == 431);
}

TEST_CASE("a body that is too long is refused with 413, announced or not") {
  Server server;
  server.start_with({"routes.so"}, {"--limit-request-body", "100"});
  CHECK(server.connect().request("POST", "/length", std::string(100, 'x')).body == "100 bytes");
  CHECK(server.connect().request("POST", "/length", std::string(101, 'x')).status == 413);
  HttpClient client = server.connect();
  client.send("POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" +
              std::string(101, 'x') + "\r\n0\r\n\r\n");
  CHECK(client.receive().status == 413);
}

TEST_CASE("an idle connection is closed after the keep-alive timeout") {
  Server server;
  server.start_with({"hello.so"}, {"--keep-alive", "300ms"});
  HttpClient client = server.connect();
  CHECK(client.get("/hello").status == 200);
  const Stopwatch watch;
  CHECK(client.is_closed_by_server());
  CHECK(watch.seconds() >= 0.25);
}

TEST_CASE("a head that does not come in time is given up with 408") {
  Server server;
  server.start_with({"hello.so"}, {"--header-timeout", "300ms"});
  HttpClient client = server.connect();
  client.send("GET /hello HTTP/1.1\r\nHost:");
  const Answer answer = client.receive();
  CHECK(answer.status == 408);
  CHECK_FALSE(answer.header("date").empty());
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a body that stops coming is given up with 408") {
  Server server;
  server.start_with({"routes.so"}, {"--body-timeout", "300ms"});
  HttpClient client = server.connect();
  client.send("POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(client.receive().status == 408);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a slow client holds up nobody else") {
  Server server;
  server.start_with({"hello.so", "routes.so"});
  std::vector<HttpClient> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(server.connect());
    slow.back().send("POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n");
    slow.push_back(server.connect());
    slow.back().send("GET /hello HTTP/1.1\r\n");
  }
  CHECK(server.get("/hello") == "Hello, World!");
  for (HttpClient& client : slow) CHECK_FALSE(client.has_bytes());
}
