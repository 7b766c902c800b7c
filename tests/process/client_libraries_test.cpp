// The plugins of ordinary blocking code and client libraries, against the real servers: what they answer, and
// what they say where that fails.
#include <string>

#include "catch.hpp"
#include "postgres_server.hpp"
#include "redis_server.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// An address of TCP at which nobody listens.
std::string nobody() { return ForeignServer::loopback() + ":1"; }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("posix_slow answers when its time has passed") {
  Server server;
  server.start_with({"posix_slow.so"});
  const Stopwatch watch;
  CHECK(server.get("/posix_slow?time=0.25") == "Slept for 0.25 seconds.");
  CHECK(watch.seconds() >= 0.25);
  CHECK(server.fetch("/posix_slow?time=-1").status == 400);
}

TEST_CASE("pg answers the rows of a table as JSON") {
  PostgresServer::shared().execute(
      "drop table if exists films; create table films (title text, year int);"
      "insert into films values ('Metropolis', 1927), ('M', 1931), ('\"Die Büchse\"', 1927)");
  Server server;
  serve(server, "pg",
        "database = " + PostgresServer::shared().by_socket() +
            "\nquery = select title, year from films where year = $1 order by title desc\n");
  const Answer answer = server.fetch("/pg/rows?value=1927");
  CHECK(answer.status == 200);
  CHECK(answer.header("content-type") == "application/json");
  CHECK(answer.body ==
        "[{\"title\":\"Metropolis\",\"year\":1927}, \n {\"title\":\"\\\"Die Büchse\\\"\",\"year\":1927}]");
  CHECK(server.get("/pg/rows?value=1800") == "[]");
  CHECK(server.get("/pg/sleep?time=0.1") == "The database slept for 0.1 seconds.");
  CHECK(server.fetch("/pg/rows").status == 400);
}

TEST_CASE("pg tells the client and the log what PostgreSQL says of a bad query") {
  Server server;
  serve(server, "pg",
        "database = " + PostgresServer::shared().by_socket() +
            "\nquery = select * from nowhere where x = $1\n");
  const Answer answer = server.fetch("/pg/rows?value=1");
  CAPTURE(answer.body);
  CHECK(answer.status == 500);
  CHECK(contains(answer.body, "relation \"nowhere\" does not exist"));
  CHECK(contains(server.wait_for("nowhere"), "[ERROR] pg: GET /pg/rows"));
  CHECK(server.get("/pg/sleep?time=0") ==
        "The database slept for 0 seconds.");  // the connection is still good
}

TEST_CASE("pg answers 502 while PostgreSQL is down, and goes on when it is back") {
  Server server;
  serve(server, "pg", "connections = 1\ndatabase = " + PostgresServer::shared().by_socket() + "\n");
  const std::string rows = "[{\"name\":\"max_connections\",\"setting\":\"150\"}]";
  CHECK(server.get("/pg/rows?value=max_connections") == rows);

  PostgresServer::shared().stop();
  const Answer answer = server.fetch("/pg/rows?value=max_connections");
  CAPTURE(answer.body);
  CHECK(answer.status == 502);
  CHECK(contains(answer.body, "No such file or directory"));
  CHECK(contains(server.wait_for("No such file"), "[ERROR] pg: GET /pg/rows"));
  PostgresServer::shared().start();
  CHECK(server.get("/pg/rows?value=max_connections") == rows);

  // The connection that is kept has died in between, and nobody is told.
  PostgresServer::shared().stop();
  PostgresServer::shared().start();
  CHECK(server.get("/pg/rows?value=max_connections") == rows);
}

TEST_CASE("redis gets, sets, counts up, pushes and pops") {
  Server server;
  serve(server, "redis",
        "address = " +
            (GENERATE(true, false) ? RedisServer::shared().by_socket() : RedisServer::shared().by_tcp()) +
            "\n");
  const std::string any_bytes("with\0zero \r\n", 12);
  CHECK(server.connect().request("PUT", "/redis/set/greeting", any_bytes).status == 200);
  CHECK(server.get("/redis/get/greeting") == any_bytes);
  CHECK(server.fetch("/redis/get/nothing").status == 404);
  const int before = std::stoi(server.connect().request("POST", "/redis/incr/count").body);
  CHECK(server.connect().request("POST", "/redis/incr/count").body == std::to_string(before + 1));
  CHECK(server.connect().request("POST", "/redis/push/queue", "first").body == "1");
  CHECK(server.connect().request("POST", "/redis/push/queue", "second").body == "2");
  CHECK(server.connect().request("POST", "/redis/pop/queue").body == "first");
  CHECK(server.connect().request("POST", "/redis/pop/queue").body == "second");
}

TEST_CASE("a pop of redis to which nothing comes is a 404 when its time is up") {
  Server server;
  serve(server, "redis", "timeout = 100ms\naddress = " + RedisServer::shared().by_socket() + "\n");
  const Stopwatch watch;
  const Answer answer = server.connect().request("POST", "/redis/pop/empty?time=0.3");
  CHECK(answer.status == 404);
  CHECK(answer.body == "Nothing came to empty.");
  CHECK(watch.seconds() >= 0.3);
}

TEST_CASE("redis tells the client and the log what Redis refuses") {
  Server server;
  serve(server, "redis", "address = " + RedisServer::shared().by_tcp() + "\n");
  server.connect().request("PUT", "/redis/set/word", "no number");
  const Answer answer = server.connect().request("POST", "/redis/incr/word");
  CHECK(answer.status == 500);
  CHECK(contains(answer.body, "value is not an integer"));
  CHECK(contains(server.wait_for("not an integer"), "[ERROR] redis: POST /redis/incr/word"));
}

TEST_CASE("redis answers 502 where there is no Redis") {
  Server server;
  serve(server, "redis", "address = " + nobody() + "\n");
  const Answer answer = server.fetch("/redis/get/greeting");
  CHECK(answer.status == 502);
  CHECK(answer.body == "Redis at " + nobody() + ": Connection refused");
  CHECK(contains(server.wait_for("Connection refused"), "[ERROR] redis: GET /redis/get/greeting"));
}

TEST_CASE("fetch hands on the status, type and body of another server") {
  Server other, server;
  other.start_with({"hello.so"});
  serve(server, "fetch", "url = " + url_of(other) + "/\n");
  const Answer answer = server.fetch("/fetch?path=/json");
  CHECK(answer.status == 200);
  CHECK(answer.header("content-type") == "application/json");
  CHECK(answer.body == R"({"message":"Hello, World!"})");
  CHECK(server.fetch("/fetch?path=/nowhere").status == 404);
  CHECK(server.fetch("/fetch?path=json").status == 400);
  CHECK(server.fetch("/fetch?path=/a%20b").status == 400);
}

TEST_CASE("fetch answers 502 where nobody listens and 504 where the answer is late") {
  Server other, server, lonely;
  serve(lonely, "fetch", "url = http://" + nobody() + "\n");
  const Answer refused = lonely.fetch("/fetch");
  CAPTURE(refused.body);
  CHECK(refused.status == 502);
  CHECK(contains(refused.body, "Failed to connect"));
  CHECK(contains(lonely.wait_for("Failed to connect"), "[ERROR] fetch: GET /fetch"));

  other.start_with({"slow.so"});
  serve(server, "fetch", "timeout = 200ms\nurl = " + url_of(other) + "\n");
  const Answer late = server.fetch("/fetch?path=/slow");
  CHECK(late.status == 504);
  CHECK(contains(late.body, "timed out"));
}

TEST_CASE("a plugin whose address is none is refused with the reason") {
  Server redis_server, fetch_server;
  redis_server.put_plugin("redis.so", "redis.so");
  redis_server.write_file("appserver.conf", "plugin = redis.so\n[redis]\naddress = 6379\n");
  CHECK(redis_server.run({"--check-config"}) != 0);
  CHECK(redis_server.has_logged("setting 'address': '6379' is not an address"));

  fetch_server.put_plugin("fetch.so", "fetch.so");
  fetch_server.write_file("appserver.conf", "plugin = fetch.so\n[fetch]\nurl = 127.0.0.1:9000\n");
  CHECK(fetch_server.run({"--check-config"}) != 0);
  CHECK(fetch_server.has_logged("setting 'url': '127.0.0.1:9000' is not a URL"));
}
