// Client libraries that know nothing of fibers, in handlers of ordinary blocking code: a hundred requests
// wait for the real servers side by side, in one worker.
#include <functional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "postgres_server.hpp"
#include "redis_server.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

constexpr int kHundred = 100;

// A second and a bit, another one for each of a hundred requests: 1.0001 to 1.0991.
std::string a_second(int i) { return "1." + std::to_string(10001 + 10 * i).substr(1); }

struct Crowd {
  std::vector<Answer> answers;
  double seconds;  // from the first request to the last answer
};

// A hundred requests at once, each over a connection of its own: `method` of target(0) to target(99).
Crowd ask_all(const Server& server, const std::string& method,
              const std::function<std::string(int)>& target) {
  std::vector<HttpClient> clients;
  for (int i = 0; i < kHundred; ++i) clients.push_back(server.connect());
  const Stopwatch watch;
  for (int i = 0; i < kHundred; ++i)
    clients[i].send(method + " " + target(i) + " HTTP/1.1\r\nHost: test\r\n\r\n");
  Crowd crowd;
  const Deadline deadline;
  for (HttpClient& client : clients) crowd.answers.push_back(client.receive(method, deadline));
  crowd.seconds = watch.seconds();
  return crowd;
}

void check_all(const Crowd& crowd, int status, const std::function<std::string(int)>& body) {
  int right = 0;
  for (int i = 0; i < kHundred; ++i) {
    CAPTURE(i, crowd.answers[i].status, crowd.answers[i].body);
    if (crowd.answers[i].status == status && crowd.answers[i].body == body(i))
      ++right;
    else
      CHECK(crowd.answers[i].body == body(i));
  }
  CHECK(right == kHundred);
}

}  // namespace

TEST_CASE("a hundred nanosleeps of a second, in one worker, end within a second and a half") {
  Server server;
  server.start_with({"posix_slow.so"});
  const Crowd crowd = ask_all(server, "GET", [](int i) { return "/posix_slow?time=" + a_second(i); });
  check_all(crowd, 200, [](int i) { return "Slept for " + a_second(i) + " seconds."; });
  CHECK(crowd.seconds >= 1.0);
  CHECK(crowd.seconds < 1.5);
}

TEST_CASE("a hundred PostgreSQL queries of a second, in one worker, end within a second and a half") {
  const std::string way = GENERATE("unix socket", "TCP", "TLS");
  CAPTURE(way);
  Server server;
  serve(server, "pg",
        "connections = 100\nquery = select $1 as number from pg_sleep(1)\ndatabase = " +
            (way == "TCP"   ? PostgresServer::shared().by_tcp()
             : way == "TLS" ? PostgresServer::shared().by_tls()
                            : PostgresServer::shared().by_socket()) +
            "\n");
  const auto target = [](int i) { return "/pg/rows?value=" + std::to_string(i); };
  ask_all(server, "GET", target);  // opens the connections, each of which is a process to PostgreSQL

  const Crowd crowd = ask_all(server, "GET", target);
  check_all(crowd, 200, [](int i) { return "[{\"number\":\"" + std::to_string(i) + "\"}]"; });
  CHECK(crowd.seconds >= 1.0);
  CHECK(crowd.seconds < 1.5);
}

TEST_CASE("a hundred Redis pops of a second, in one worker, end within a second and a half") {
  const bool by_socket = GENERATE(true, false);
  CAPTURE(by_socket);
  Server server;
  serve(
      server, "redis",
      "address = " + (by_socket ? RedisServer::shared().by_socket() : RedisServer::shared().by_tcp()) + "\n");
  const Crowd crowd =
      ask_all(server, "POST", [](int i) { return "/redis/pop/empty-" + std::to_string(i) + "?time=1"; });
  check_all(crowd, 404, [](int i) { return "Nothing came to empty-" + std::to_string(i) + "."; });
  CHECK(crowd.seconds >= 1.0);
  CHECK(crowd.seconds < 1.5);
}

TEST_CASE("a hundred fetches of a second by libcurl, in one worker, end within a second and a half") {
  Server other, server;
  other.start_with({"slow.so"});
  serve(server, "fetch", "url = " + url_of(other) + "\n");
  const Crowd crowd = ask_all(server, "GET", [](int i) { return "/fetch?path=/slow?time=" + a_second(i); });
  check_all(crowd, 200, [](int i) { return "Slept for " + a_second(i) + " seconds."; });
  CHECK(crowd.seconds >= 1.0);
  CHECK(crowd.seconds < 1.5);
}

TEST_CASE("a pop of redis that waits is answered by a push in the same worker") {
  Server server;
  serve(server, "redis", "address = " + RedisServer::shared().by_tcp() + "\n");
  HttpClient waiting = server.connect();
  waiting.send("POST /redis/pop/letters?time=15 HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(server.connect().request("POST", "/redis/push/letters", "for you").status == 200);
  CHECK(waiting.receive("POST").body == "for you");
}

TEST_CASE("requests beyond the connections of pg's pool wait for one, and for nothing else") {
  Server server;
  serve(server, "pg",
        "connections = 25\nquery = select $1 as number from pg_sleep(0.2)\ndatabase = " +
            PostgresServer::shared().by_socket() + "\n");
  const Crowd crowd = ask_all(server, "GET", [](int i) { return "/pg/rows?value=" + std::to_string(i); });
  check_all(crowd, 200, [](int i) { return "[{\"number\":\"" + std::to_string(i) + "\"}]"; });
  CHECK(crowd.seconds >= 0.8);  // four rounds
  CHECK(crowd.seconds < 5);     // 20 s one after the other
}
