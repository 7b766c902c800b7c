// What the access log says of each request, and where it is written.
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

// What stands in a log when the server has ended, so that all of it does.
std::string ended_log(Server& server, const std::string& file = "access.log") {
  server.signal(SIGTERM);
  server.wait_for_exit();
  std::ostringstream text;
  text << std::ifstream(server.folder() / file).rdbuf();
  return text.str();
}

const Server::Words kShort = {"--access-logfile", "access.log", "--access-logformat", "%(r)s|%(s)s|%(b)s"};

}  // namespace

TEST_CASE("each request is a line in gunicorn's words") {
  Server server;
  server.start_with({"hello.so"}, {"--access-logfile", "-"});
  server.connect().request("GET", "/hello?a=b", "", "User-Agent: test \"agent\"\r\nReferer: http://r/\r\n");
  const std::string line = server.wait_for("GET /hello?a=b");
  CHECK_THAT(line, StartsWith("127.0.0.1 - - ["));
  CHECK_THAT(line,
             ContainsSubstring(R"(] "GET /hello?a=b HTTP/1.1" 200 13 "http://r/" "test \x22agent\x22")"));
}

TEST_CASE("every atom is filled from the request and its answer") {
  Server server;
  server.start_with({"routes.so"},
                    {"--access-logfile", "access.log", "--access-logformat",
                     "%(h)s %(m)s %(U)s %(q)s %(H)s %(s)s %(B)s %({x-one}i)s %({x-two}o)s %({x-two}i)s"});
  server.connect().request("GET", "/headers?a", "", "X-One: 1\r\nX-Forwarded-For: 192.0.2.43\r\n");
  CHECK(ended_log(server) == "192.0.2.43 GET /headers a HTTP/1.1 200 10 1 2 -\n");
}

TEST_CASE("requests are logged in their order, with the bytes of their bodies") {
  Server server;
  server.start_with({"hello.so", "routes.so"}, kShort);
  HttpClient client = server.connect();
  client.send(get_request("/hello") + get_request("/count?to=3") + "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" +
              "POST /length HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc");
  for (const char* method : {"GET", "GET", "HEAD", "POST"}) client.receive(method);
  CHECK(ended_log(server) ==
        "GET /hello HTTP/1.1|200|13\nGET /count?to=3 HTTP/1.1|200|6\nHEAD /hello HTTP/1.1|200|-\n"
        "POST /length HTTP/1.0|200|7\n");
}

TEST_CASE("refused requests are logged as well") {
  Server server;
  Server::Words options = kShort;
  options.insert(options.end(), {"--header-timeout", "300ms", "--limit-request-body", "10"});
  server.start_with({"routes.so"}, options);
  const auto status_of = [&](const std::string& bytes) {
    HttpClient client = server.connect();
    client.send(bytes);
    return client.receive().status;
  };
  CHECK(status_of("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
  CHECK(status_of("GET /" + std::string(9000, 'a')) == 414);
  CHECK(status_of(get_request("/none")) == 404);
  CHECK(status_of("POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n") == 413);
  CHECK(status_of("GET /late HTTP/1.1\r\nHos") == 408);
  const std::string log = ended_log(server);
  CHECK_THAT(log, StartsWith("GET  / HTTP/1.1|400|"));
  CHECK_THAT(log, ContainsSubstring("\nGET /aaaa") && ContainsSubstring("aaa|414|"));
  CHECK_THAT(log, ContainsSubstring("\nGET /none HTTP/1.1|404|"));
  CHECK_THAT(log, ContainsSubstring("\nPOST /length HTTP/1.1|413|"));
  CHECK_THAT(log, ContainsSubstring("\nGET /late HTTP/1.1|408|"));
}

TEST_CASE("a client can't forge a line") {
  Server server;
  server.start_with({"hello.so"}, {"--access-logfile", "access.log"});
  HttpClient client = server.connect();
  client.send("GET /\r127.0.0.1\x1b[2K\" HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.receive().status == 400);
  const std::string log = ended_log(server);
  CHECK(std::count(log.begin(), log.end(), '\n') == 1);
  CHECK(log.find_first_of("\r\x1b") == std::string::npos);
  CHECK_THAT(log, ContainsSubstring(R"("GET /\x0D127.0.0.1\x1B[2K\x22 HTTP/1.1" 400)"));
}

TEST_CASE("a file that can't be opened ends the start, with what to do") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  CHECK(server.run(
            {"--plugin", "hello.so", "--bind", "127.0.0.1:0", "--access-logfile", "none/access.log"}) == 1);
  server.wait_for(
      "--access-logfile 'none/access.log' can't be opened: No such file or directory; make its folder");
}

TEST_CASE("a full disk costs the log its lines, and no request") {
  Server server;
  server.start_with({"hello.so"}, {"--access-logfile", "/dev/full"});
  for (int i = 0; i < 3; ++i) CHECK(server.get("/hello") == "Hello, World!");
  server.wait_for("A line of the access log is lost: No space left on device");
  CHECK(server.count_logged("is lost") == 1);
}

TEST_CASE("a reload takes another file, or keeps the old where it can't") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  const auto configure = [&](const std::string& file) {
    server.write_file("appserver.conf",
                      "plugin = hello.so\naccess-logformat = %(r)s\naccess-logfile = " + file + "\n");
  };
  configure("first.log");
  server.start({});
  server.get("/hello?1");
  configure("none/second.log");
  server.signal(SIGHUP);
  server.wait_for("Reload refused: --access-logfile 'none/second.log'");
  server.get("/hello?2");
  configure("third.log");
  server.reload();
  server.get("/hello?3");
  CHECK(ended_log(server, "first.log") == "GET /hello?1 HTTP/1.1\nGET /hello?2 HTTP/1.1\n");
  std::ifstream third(server.folder() / "third.log");
  std::string line;
  std::getline(third, line);
  CHECK(line == "GET /hello?3 HTTP/1.1");
}
