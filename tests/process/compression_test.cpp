// Answers to clients that take them compressed.
#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

constexpr const char* kTakesGzip = "Accept-Encoding: gzip\r\n";

// The Content-Encoding that /count came in, once curl has unpacked it and it is right.
std::string unpacked(const Server& server, const std::string& curl_options) {
  ChildProcess curl({"/bin/sh", "-c",
                     "curl -sS -D head " + curl_options + " '" + url_of(server) +
                         "/count?to=100000' > body && seq 100000 | cmp - body && "
                         "sed -n 's/^Content-Encoding: *//p' head | tr -d '\\r\\n'"},
                    server.folder());
  CHECK(curl.wait_for_exit() == 0);
  curl.wait_for_end_of_output();
  return curl.output();
}

}  // namespace

TEST_CASE("nothing is compressed unless the operator says so") {
  Server server;
  server.start_with({"routes.so"});
  const Answer answer = server.connect().request("GET", "/count?to=1000", "", kTakesGzip);
  CHECK(answer.header("content-encoding").empty());
  CHECK(answer.header("vary").empty());
}

TEST_CASE("curl unpacks a long answer that is compressed by gzip") {
  Server server;
  server.start_with({"routes.so"}, {"--compress", "gzip"});
  CHECK(unpacked(server, "--compressed") == "gzip");
  CHECK(unpacked(server, "").empty());
}

#ifdef APPSERVER_BROTLI
TEST_CASE("curl unpacks a long answer that is compressed by brotli") {
  Server server;
  server.start_with({"routes.so"}, {"--compress", "br,gzip"});
  CHECK(unpacked(server, "--compressed") == "br");
  CHECK(unpacked(server, "--compressed -H 'Accept-Encoding: gzip, br;q=0.5'") == "gzip");
}
#endif

TEST_CASE("a short answer is not compressed, and the connection is kept behind one that is") {
  Server server;
  server.start_with({"routes.so", "hello.so", "echo.so"},
                    {"--compress", "gzip", "--compress-min-length", "100"});
  HttpClient client = server.connect();
  CHECK(client.request("GET", "/hello", "", kTakesGzip).body == "Hello, World!");
  const Answer answer = client.request("POST", "/submit", std::string(200, 'x'), kTakesGzip);
  CHECK(answer.status == 201);
  CHECK(answer.header("content-encoding") == "gzip");
  CHECK(answer.header("vary") == "Accept-Encoding");
  CHECK(answer.header("content-length") == std::to_string(answer.body.size()));
  CHECK(answer.body.size() < 100);
  CHECK(client.request("HEAD", "/count", "", kTakesGzip).header("content-encoding") == "gzip");
  const std::string image(200, 'x');
  CHECK(client.request("POST", "/echo", image, "Content-Type: image/png\r\nAccept-Encoding: gzip\r\n").body ==
        image);
}

TEST_CASE("a compressed stream comes piece by piece") {
  Server server;
  server.start_with({"echo.so"}, {"--compress", "gzip"});
  HttpClient client = server.connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n" +
      std::string(kTakesGzip) + "\r\n");
  // A piece that can be read to its end has the mark of a flush there (RFC 1951 section 3.2.4).
  const std::string_view flushed("\0\0\xff\xff\r\n", 6);
  for (const char* piece : {"3\r\none\r\n", "3\r\ntwo\r\n"}) {
    client.send(piece);
    CHECK_FALSE(client.receive_until(flushed).empty());
  }
  client.send("0\r\n\r\n");
  client.receive_until("\r\n0\r\n\r\n");
}
