// A stop loses no request, wherever it finds the client.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

using namespace std::chrono_literals;

namespace {

// TERM, and a client that is silent has been sent away: the workers drain.
void stop(Server& server) {
  HttpClient silent = server.connect();
  silent.get("/index");
  server.signal(SIGTERM);
  REQUIRE(silent.is_closed_by_server());
}

// A listening socket that this process keeps, as systemd does, and its children inherit.
int listening_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(fd, 16) == 0);
  return fd;
}

}  // namespace

TEST_CASE("TERM in the midst of a head waits for the rest of it") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = server.connect();
  client.send("GET /index HTTP/1.1\r\nHo");
  stop(server);
  client.send("st: test\r\n\r\n");
  const Answer answer = client.receive();
  CHECK(answer.body == "0");
  CHECK(answer.header("connection") == "close");
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("TERM in the midst of a body waits for the rest of it") {
  Server server;
  server.start_with({"routes.so", "probe.so"});
  HttpClient client = server.connect();
  client.send("POST /submit HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
  stop(server);
  client.send("world");
  CHECK(client.receive().body == "submitted helloworld");
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("requests that were pipelined before TERM are all answered, and the last says that it was") {
  Server server;
  server.start_with({"probe.so"});
  HttpClient client = server.connect();
  constexpr int kBehind = 100;  // more than is read at once
  std::string requests = get_request("/linger?time=1.5");
  for (int i = 0; i < kBehind; ++i) requests += get_request("/index");
  client.send(requests);
  client.receive_until("begun\n");
  stop(server);
  CHECK(ends_well(client));
  for (int i = 1; i <= kBehind; ++i) {
    const Answer answer = client.receive();
    CHECK(answer.body == "0");
    CHECK(answer.header("connection") == (i < kBehind ? "" : "close"));
  }
  CHECK(client.is_closed_by_server());
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("clients in the accept queue at TERM are answered by a worker that is full") {
  Server server;
  server.start_with({"probe.so"}, {"--worker-connections", "1"});
  HttpClient first = lingering(server, "1");
  HttpClient second = server.connect(), third = server.connect();
  second.send(get_request("/index"));
  third.send(get_request("/index"));
  server.signal(SIGTERM);
  CHECK(ends_well(first));
  CHECK(second.receive().body == "0");
  CHECK(third.receive().body == "0");
  CHECK(server.wait_for_exit() == 0);
}

TEST_CASE("a request that came while the loop was held up is answered, though its time is over") {
  Server server;
  server.start_with({"probe.so"}, {"--keep-alive", "1s"});
  HttpClient kept = server.connect(), other = server.connect();
  kept.get("/index");
  other.send(get_request("/spin?time=2.5"));
  server.wait_for("has been blocked");
  kept.send(get_request("/index"));
  CHECK(other.receive().body == "spun");
  CHECK(kept.receive().body == "0");
}

TEST_CASE("an inherited socket keeps queueing through a stop, for the server that comes next") {
  const int fd = listening_socket();
  const std::string bind = "fd://" + std::to_string(fd);
  Server first, second;
  first.start_with({"probe.so"}, {"--bind", bind});
  HttpClient busy = lingering(first, "0.5");
  first.signal(SIGTERM);
  first.wait_for("Handling signal: term");
  CHECK(ends_well(busy));
  CHECK(first.wait_for_exit() == 0);
  HttpClient waiting = first.connect();
  waiting.send(get_request("/index"));
  second.start_with({"probe.so"}, {"--bind", bind});
  CHECK(waiting.receive().body == "0");
  ::close(fd);
}

TEST_CASE("an idle server stops in less than a second") {
  Server server;
  server.start_with({"probe.so"});
  const Stopwatch watch;
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  CHECK(watch.seconds() < 1);
}
