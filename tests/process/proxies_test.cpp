// Behind a proxy: whose word about the client counts.
#include "catch.hpp"
#include "child_process.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

const std::string kForwarded = "X-Forwarded-For: 8.8.8.8, 192.0.2.43\r\nX-Forwarded-Proto: https\r\n";

std::string client_of(const Server& server, const std::string& headers) {
  return server.connect().request("GET", "/client", "", headers).body;
}

// What the server answers to a request behind `header`; "" where it closes the connection without a word.
std::string answer_behind(const Server& server, const std::string& header, const std::string& headers = {}) {
  HttpClient client = server.connect();
  client.send(header + get_request("/client", headers));
  try {
    return client.receive().body;
  } catch (const CutOff&) {
    return "";
  }
}

const std::string kV1 = "PROXY TCP4 192.0.2.43 198.51.100.7 56324 443\r\n";
const std::string kV2("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\x2b\xc6\x33\x64\7\xdc\4\1\xbb", 28);
const std::string kLocal("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16);

}  // namespace

TEST_CASE("a proxy on the same machine is believed by default, and says who the client is") {
  Server server;
  server.start_with({"routes.so"});
  CHECK(client_of(server, "") == "127.0.0.1, http://test");
  CHECK(client_of(server, kForwarded) == "192.0.2.43, https://test");
  CHECK(client_of(server, "Forwarded: for=\"[2001:db8::1]:80\";host=a.org\r\n") ==
        "2001:db8::1, http://a.org");
  HttpClient client = server.connect();
  CHECK(client.request("GET", "/client", "", kForwarded).body == "192.0.2.43, https://test");
  CHECK(client.request("GET", "/client").body == "127.0.0.1, http://test");
}

TEST_CASE("a stranger's word about itself counts for nothing") {
  Server server;
  server.start_with({"routes.so"}, {"--forwarded-allow-ips", "10.0.0.0/8"});
  CHECK(client_of(server, kForwarded) == "127.0.0.1, http://test");
}

TEST_CASE("a unix socket's client has no address but what its proxy says, which is believed") {
  Server server;
  server.start_with({"routes.so"}, {"--bind", "unix:" + (server.folder() / "socket").string(),
                                    "--forwarded-allow-ips", "10.0.0.0/8"});
  CHECK(client_of(server, "") == "somebody, http://test");
  CHECK(client_of(server, kForwarded) == "192.0.2.43, https://test");
}

TEST_CASE("a PROXY header says whose connection it is") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "auto"});
  CHECK(answer_behind(server, kV1) == "192.0.2.43, http://test");
  CHECK(answer_behind(server, kV2) == "192.0.2.43, http://test");
  CHECK(answer_behind(server, kLocal) == "127.0.0.1, http://test");
  CHECK(answer_behind(server, "PROXY UNKNOWN\r\n") == "somebody, http://test");

  HttpClient slow = server.connect();
  for (const char c : kV2 + get_request("/client")) slow.send(std::string(1, c));
  CHECK(slow.receive().body == "192.0.2.43, http://test");
  CHECK(slow.get("/client").body == "192.0.2.43, http://test");
}

TEST_CASE("the client that a PROXY header names is no proxy to be believed") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "v2", "--forwarded-allow-ips", "127.0.0.1"});
  const std::string lie = "X-Forwarded-For: 8.8.8.8\r\n";
  CHECK(answer_behind(server, kV2, lie) == "192.0.2.43, http://test");
  CHECK(answer_behind(server, kLocal, lie) == "8.8.8.8, http://test");
}

TEST_CASE("a connection without the PROXY header that is asked for is closed, and the log says why") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "v2"});
  CHECK(answer_behind(server, "").empty());
  const std::string line = server.wait_for("A connection from 127.0.0.1 is closed");
  CHECK(line.find("PROXY header of the version asked for") != std::string::npos);
  CHECK(answer_behind(server, kV1).empty());
  CHECK(answer_behind(server, kV2.substr(0, 15) + '\1' + kV2.substr(16)).empty());
  CHECK(server.count_logged("is closed") == 1);  // of many, one a while
}

TEST_CASE("a PROXY header is taken from the proxies that are trusted alone") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "v1", "--forwarded-allow-ips", "10.0.0.0/8"});
  CHECK(answer_behind(server, kV1).empty());
  server.wait_for("A connection from 127.0.0.1 is closed: it is none of --forwarded-allow-ips");
}

TEST_CASE("a PROXY header that does not come in time ends its connection") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "v1", "--header-timeout", "300ms"});
  HttpClient client = server.connect();
  client.send("PROXY TCP4 192.0.2");
  CHECK(client.is_closed_by_server());
  server.wait_for("its PROXY header did not come in time");
}

TEST_CASE("curl's PROXY header is understood") {
  Server server;
  server.start_with({"routes.so"}, {"--proxy-protocol", "v1"});
  ChildProcess curl({"/bin/sh", "-c", "curl -sS --haproxy-protocol " + url_of(server) + "/client"},
                    server.folder());
  CHECK(curl.wait_for_exit() == 0);
  curl.wait_for_end_of_output();
  CHECK(curl.output().find("127.0.0.1, http://127.0.0.1:") == 0);
}

TEST_CASE("a list of trusted proxies that is wrong is an error that says where") {
  Server server;
  CHECK(server.run({"--plugin", "routes.so", "--forwarded-allow-ips", "127.0.0.1,10.0.0.1/8"}) == 1);
  server.wait_for(
      "--forwarded-allow-ips '127.0.0.1,10.0.0.1/8': '10.0.0.1/8' has bits set behind its first 8");
}
