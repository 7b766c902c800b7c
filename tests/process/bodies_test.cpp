// Bodies of requests: at whose pace they come, and what becomes of one that no handler reads.
#include <thread>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

std::string patterned(std::size_t size) {
  std::string body(size, '\0');
  for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>(i * 2654435761u >> 13);
  return body;
}

std::string chunked(const std::string& body) {
  constexpr std::size_t kChunk = 10'000;
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += kChunk) {
    const std::string piece = body.substr(at, kChunk);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    chunks += size + piece + "\r\n";
  }
  return chunks + "0\r\n\r\n";
}

std::string of_length(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
std::string in_chunks(const std::string& body) {
  return "Transfer-Encoding: chunked\r\n\r\n" + chunked(body);
}

// A client whose request, a POST to /echo, is sent and whose answer it does not read: how much of the request
// the server takes before it waits for the client.
std::size_t taken_unread(const Server& server, HttpClient& client, const std::string& request) {
  std::size_t taken = 0;
  for (std::size_t before = 1; before != taken;) {
    before = taken;
    taken += client.send_some(std::string_view(request).substr(taken));
    // Once a worker has answered somebody else, it has had its turn at this client too.
    for (int i = 0; i < 2; ++i) CHECK(server.get("/hello") == "Hello, World!");
  }
  return taken;
}

}  // namespace

TEST_CASE("echo takes no more of a body than its client takes back") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  server.put_plugin("echo.so", "echo.so");
  // A unix socket's buffers don't grow.
  server.start({"--plugin", "hello.so", "--plugin", "echo.so", "--limit-request-body", "64M", "--bind",
                "unix:" + (server.folder() / "socket").string()});
  const std::string body = patterned(32 << 20);
  for (const auto& framed : {of_length, in_chunks}) {
    const std::string request = "POST /echo HTTP/1.1\r\nHost: test\r\n" + framed(body);
    HttpClient client = server.connect();
    const std::size_t taken = taken_unread(server, client, request);
    CHECK(taken > 16 * 1024);
    CHECK(taken < 8 << 20);
    std::thread sender([&] { client.send(std::string_view(request).substr(taken)); });
    const Answer answer = client.receive();
    sender.join();
    CHECK(answer.status == 200);
    CHECK(answer.body == body);
    CHECK(client.get("/hello").body == "Hello, World!");
  }
}

TEST_CASE("a body that nobody reads leads to the next request, if it is not long") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  for (const std::size_t size : {1, 1000, 200'000}) {
    for (const auto& framed : {of_length, in_chunks}) {
      CAPTURE(size);
      std::string request = "GET /hello HTTP/1.1\r\nHost: test\r\n" + framed(std::string(size, 'x'));
      client.send(request + get_request("/json"));
      const Answer answer = client.receive();
      CHECK(answer.body == "Hello, World!");
      CHECK(answer.header("connection").empty());
      CHECK(client.receive().body == R"({"message":"Hello, World!"})");
    }
  }
}

TEST_CASE("a body that nobody reads may come after its answer") {
  Server server;
  server.start_with({"hello.so"});
  for (const auto& framed : {of_length, in_chunks}) {
    HttpClient client = server.connect();
    const std::string request = "GET /hello HTTP/1.1\r\nHost: test\r\n" + framed("late, very late");
    const std::size_t head = request.find("\r\n\r\n") + 4;
    client.send(request.substr(0, head));
    CHECK(client.receive().body == "Hello, World!");
    for (const char c : request.substr(head)) client.send(std::string(1, c));
    CHECK(client.get("/json").body == R"({"message":"Hello, World!"})");
  }
}

TEST_CASE("a long body that nobody reads ends the connection, behind its answer") {
  Server server;
  server.start_with({"hello.so"}, {"--limit-request-body", "64M"});
  HttpClient client = server.connect();
  std::string request = "GET /hello HTTP/1.1\r\nHost: test\r\n" + of_length(std::string(1'000'000, 'x'));
  client.send(request);
  const Answer answer = client.receive();
  CHECK(answer.body == "Hello, World!");
  CHECK(answer.header("connection") == "close");
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a body that is not asked for by 100 Continue ends the connection, behind its answer") {
  Server server;
  server.start_with({"hello.so"});
  for (const char* framing : {"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n"}) {
    HttpClient client = server.connect();
    client.send(get_request("/hello", std::string("Expect: 100-continue\r\n") + framing));
    const Answer answer = client.receive();
    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == "close");
    CHECK(client.is_closed_by_server());
  }
}
