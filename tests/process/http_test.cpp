// HTTP/1.1 and 1.0 as a client sees them (RFC 9110, RFC 9112).
#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

TEST_CASE("a connection is kept for the next request") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.get("/hello");
    CHECK(answer.version == "HTTP/1.1");
    CHECK(answer.status == 200);
    CHECK(answer.header("content-length") == "13");
    CHECK(answer.header("connection").empty());
    CHECK_FALSE(answer.header("date").empty());
    CHECK(answer.body == "Hello, World!");
  }
}

TEST_CASE("Connection: close is granted") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  const Answer answer = client.request("GET", "/hello", "", "Connection: close\r\n");
  CHECK(answer.header("connection") == "close");
  CHECK(answer.body == "Hello, World!");
  CHECK(client.is_closed_by_server());
}

TEST_CASE("pipelined requests are answered in their order, also when the first sleeps") {
  Server server;
  server.start_with({"hello.so", "slow.so"});
  HttpClient client = server.connect();
  client.send(get_request("/slow?time=0.3") + get_request("/hello") + get_request("/json"));
  CHECK(client.receive().body == "Slept for 0.3 seconds.");
  CHECK(client.receive().body == "Hello, World!");
  CHECK(client.receive().body == R"({"message":"Hello, World!"})");
}

TEST_CASE("a request that comes byte by byte is a request") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  for (const char c : get_request("/hello")) client.send(std::string(1, c));
  CHECK(client.receive().body == "Hello, World!");
}

TEST_CASE("an HTTP/1.0 client is answered and let go, or kept if it asks") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  CHECK(client.receive().body == "Hello, World!");
  CHECK(client.is_closed_by_server());

  HttpClient keeper = server.connect();
  for (int i = 0; i < 2; ++i) {
    keeper.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const Answer answer = keeper.receive();
    CHECK(answer.header("connection") == "keep-alive");
    CHECK(answer.body == "Hello, World!");
  }
}

TEST_CASE("a streamed answer is chunked, and the connection is kept") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  const Answer answer = client.get("/count?to=3");
  CHECK(answer.header("transfer-encoding") == "chunked");
  CHECK(answer.header("content-length").empty());
  CHECK(answer.body == "1\n2\n3\n");
  CHECK(client.get("/count?to=1").body == "1\n");
}

TEST_CASE("a streamed answer ends with the connection for an HTTP/1.0 client") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  client.send("GET /count?to=3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const Answer answer = client.receive();
  CHECK(answer.header("transfer-encoding").empty());
  CHECK(answer.header("content-length").empty());
  CHECK(answer.body == "1\n2\n3\n");
}

TEST_CASE("a long streamed answer arrives whole") {
  Server server;
  server.start_with({"routes.so"});
  const std::string body = server.get("/count?to=200000");
  CHECK(body.size() == 1'288'895);
  CHECK(body.ends_with("199999\n200000\n"));
}

TEST_CASE("a body in chunks is read, and what follows it is the next request") {
  Server server;
  server.start_with({"echo.so"});
  HttpClient client = server.connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/x-test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nWiki\r\nA;name=value\r\npedia in c\r\n6\r\nhunks.\r\n0\r\nX-Trailer: 1\r\n\r\n");
  const Answer answer = client.receive();
  CHECK(answer.header("content-type") == "text/x-test");
  CHECK(answer.body == "Wikipedia in chunks.");
  CHECK(client.request("POST", "/echo", "again").body == "again");
}

TEST_CASE("a handler that has read a body sees its trailers, and none that belongs in front of it") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  const std::string in_chunks = " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = "4\r\nwhat\r\n0\r\nX-Sum: 1\r\nHost: evil\r\nX-Sum:2 \r\n\r\n";
  client.send("POST /trailers" + in_chunks + body);
  CHECK(client.receive().body == "what;X-Sum=1;X-Sum=2;with a sum");
  CHECK(client.request("POST", "/trailers", "no chunks").body == "no chunks;");
  client.send("POST /trailers/too_early" + in_chunks + body);
  CHECK(client.receive().status == 500);
  server.wait_for("trailers stand behind the body");
}

TEST_CASE("echo answers as the body comes") {
  Server server;
  server.start_with({"echo.so"});
  HttpClient client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
  client.receive_until("one");
  client.send("3\r\ntwo\r\n");
  client.receive_until("two");
  client.send("0\r\n\r\n");
  CHECK(client.receive_until("0\r\n\r\n") == "\r\n0\r\n\r\n");
}

TEST_CASE("a large body passes through echo unchanged") {
  Server server;
  server.start_with({"echo.so"}, {"--limit-request-body", "16M"});
  std::string body(2'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 2654435761u >> 13);
  HttpClient client = server.connect();
  std::thread sender(
      [&] { client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n" + body); });
  const Answer answer = client.receive();
  sender.join();
  CHECK(answer.body == body);
}

TEST_CASE("a body that the handler does not read does not disturb the next request") {
  Server server;
  server.start_with({"routes.so", "hello.so"});
  HttpClient client = server.connect();
  client.send("GET /hello HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\n\r\nGET /x HTTP" +
              get_request("/hello"));
  CHECK(client.receive().body == "Hello, World!");
  CHECK(client.receive().body == "Hello, World!");
}

TEST_CASE("Expect: 100-continue is answered when the handler reads the body") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  client.send("POST /submit HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive().status == 100);
  client.send("body");
  const Answer answer = client.receive();
  CHECK(answer.status == 201);
  CHECK(answer.body == "submitted body");
}

TEST_CASE("HEAD has the head of GET and no body") {
  Server server;
  server.start_with({"hello.so"});
  HttpClient client = server.connect();
  const Answer head = client.request("HEAD", "/hello");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == "13");
  CHECK(client.get("/hello").body == "Hello, World!");  // nothing stands between the two
}

TEST_CASE("what is not there is 404, and a method that is not there is 405 with what is") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  CHECK(client.get("/nowhere").status == 404);
  const Answer answer = client.get("/submit");
  CHECK(answer.status == 405);
  CHECK(answer.header("allow") == "POST, PUT, OPTIONS");
  CHECK(client.request("POST", "/submit", "x").status == 201);
}

TEST_CASE("a method that nobody here knows is 501, whatever the path") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  CHECK(client.request("BREW", "/submit").status == 501);
  CHECK(client.request("get", "/nowhere").status == 501);
  CHECK(client.request("TRACE", "/submit").status == 405);
  CHECK(client.request("DELETE", "/nowhere").status == 404);
}

TEST_CASE("a path that lacks the slash at its end is sent there") {
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.start({"--plugin", "/api=routes.so"});
  HttpClient client = server.connect();
  const Answer answer = client.get("/api/files?a=//b");
  CHECK(answer.status == 301);
  CHECK(answer.header("location") == "./files/?a=//b");
  CHECK(client.get("/api/files/").body == "file ");
  CHECK(client.get("/api").status == 404);
  CHECK(client.request("POST", "/api/files").status == 404);
}

TEST_CASE("OPTIONS says what a path has, unless its plugin does") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  const Answer answer = client.request("OPTIONS", "/users/7");
  CHECK(answer.status == 204);
  CHECK(answer.header("allow") == "GET, HEAD, OPTIONS");
  CHECK(client.request("POST", "/users/7").header("allow") == "GET, HEAD, OPTIONS");
  CHECK(client.request("OPTIONS", "/nowhere").status == 404);
  CHECK(client.request("OPTIONS", "/options").body == "the plugin's own");
  CHECK(client.get("/options").header("allow") == "OPTIONS");
}

TEST_CASE("a refused request is answered as itself, not as the one before it") {
  Server server;
  server.start_with({"echo.so"});
  HttpClient client = server.connect();
  // The last chunk and the request behind it come in one piece, past the end of the first head's block.
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nX-Long: " + std::string(3000, 'x') +
              "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
  client.receive_until("a\r\n");
  client.send("0\r\n\r\nGET /" + std::string(9000, 'y'));
  CHECK(client.receive_until("\r\n\r\n").find("0\r\n") != std::string::npos);
  const Answer refused = client.receive();
  CHECK(refused.status == 414);
  CHECK(refused.header("connection") == "close");
  CHECK_FALSE(refused.body.empty());
}

TEST_CASE("what comes behind a last request does not cut its answer") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  client.send(get_request("/count?to=200000", "Connection: close\r\n"));
  client.receive_until("1\n");
  client.send("\r\nGET /never HTTP/1.1\r\n\r\n");
  CHECK(client.receive_until("\r\n0\r\n\r\n").find("200000\n") != std::string::npos);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a request that is not HTTP is refused with 400, and the connection ends") {
  Server server;
  server.start_with({"hello.so"});
  for (const char* bytes : {"hello\r\n\r\n", "GET /hello\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n",
                            "GET /hello HTTP/1.1\r\nHost : test\r\n\r\n",
                            "POST /hello HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n"}) {
    CAPTURE(bytes);
    HttpClient client = server.connect();
    client.send(bytes);
    const Answer answer = client.receive();
    CHECK(answer.status == 400);
    CHECK(answer.header("connection") == "close");
    CHECK(client.is_closed_by_server());
  }
  CHECK(server.get("/hello") == "Hello, World!");
}

TEST_CASE("an exception is a 500 whose reason is in the log and not in the answer") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  const Answer answer = client.get("/fail");
  CHECK(answer.status == 500);
  CHECK(answer.body.find("secret") == std::string::npos);
  const std::string line = server.wait_for("the secret reason");
  CAPTURE(line);
  CHECK(line.find("routes") != std::string::npos);
  CHECK(line.find("GET /fail") != std::string::npos);
  CHECK(client.get("/teapot").status == 418);
}

TEST_CASE("an answer that fails half way is cut, so that nobody takes the half for the whole") {
  Server server;
  server.start_with({"routes.so"});
  HttpClient client = server.connect();
  client.send(get_request("/break_off"));
  CHECK_THROWS_AS(client.receive(), CutOff);
  server.wait_for("the second half is lost");
}

TEST_CASE("curl is served") {
  Server server;
  server.start_with({"hello.so", "echo.so"});
  const std::string url = "http://127.0.0.1:" + std::to_string(server.address().port);
  const std::string body(100'000, 'x');
  server.write_file("body", body);
  ChildProcess curl(
      {"/bin/sh", "-c",
       "curl -sS " + url + "/hello " + url + "/json && curl -sS --data-binary @body " + url +
           "/echo | cmp - body && curl -sS -T - " + url + "/echo < body | cmp - body && echo ok"},
      server.folder());
  CHECK(curl.wait_for_exit() == 0);
  curl.wait_for_end_of_output();
  CHECK(curl.output() == "Hello, World!{\"message\":\"Hello, World!\"}ok\n");
}
