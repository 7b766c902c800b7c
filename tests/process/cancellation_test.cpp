// Requests that take too long, or whose clients have gone away.
#include <signal.h>
#include <sys/socket.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

using namespace std::chrono_literals;

namespace {

// How often the fixture's handlers were cancelled, or have finished regardless.
void wait_for_count(const Server& server, const std::string& text) {
  std::string counts;
  for (const Deadline deadline; deadline.milliseconds_left() > 0;) {
    counts = server.get("/counts");
    if (counts.find(text) != std::string::npos) return;
  }
  FAIL("'" << text << "' never came; last: " << counts);
}

}  // namespace

TEST_CASE("a request that takes too long is answered with 503, and its handler is told") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "200ms"});
  const Answer answer = server.fetch("/wait");
  CHECK(answer.status == 503);
  CHECK(answer.header("connection") == "close");
  CHECK(answer.body == "The request has taken too long.\n");
  wait_for_count(server, "cancelled 1");
}

TEST_CASE("the log names the plugin, the request, its route and where it waited") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "200ms"});
  CHECK(server.fetch("/items/42").status == 503);
  const std::string line = server.wait_for("is cancelled after 200ms");
  CHECK(line.find("cancelled: GET /items/42 [") != std::string::npos);
  CHECK(line.find("of route GET /items/{id}") != std::string::npos);
  CHECK(server.wait_for("#0").find("sleep") != std::string::npos);
  CHECK(server.wait_for("cancelled.so").find("wait(appserver::Request&)") != std::string::npos);
}

TEST_CASE("the log names a request even where it is its worker's last") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "500ms"});
  HttpClient client = server.connect();
  client.send(get_request("/begun"));
  CHECK_FALSE(client.receive_until("begun\n").empty());
  server.signal(SIGTERM);
  server.wait_until_all_gone();
  CHECK(server.has_logged("GET /begun"));
  CHECK(server.has_logged("is cancelled after 500ms; it waits here:"));
  CHECK(server.has_logged("  #0 "));
}

TEST_CASE("requests in time are left alone, and kept-alive connections with them") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "10s"});
  HttpClient client = server.connect();
  for (int i = 0; i < 3; ++i) CHECK(client.get("/leave?time=0.01").status == 200);
  CHECK(client.get("/counts").body == "finished 3 cancelled 0");
}

TEST_CASE("a route may have a limit of its own") {
  Server server;
  server.start_with({"cancelled.so"});
  CHECK(server.fetch("/own_limit").status == 503);
  CHECK_FALSE(server.wait_for("is cancelled after 300ms").empty());
}

TEST_CASE("an answer that had begun when its request took too long is cut") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "200ms"});
  HttpClient client = server.connect();
  client.send(get_request("/begun"));
  CHECK_FALSE(client.receive_until("begun\n").empty());
  CHECK_THROWS_AS(client.receive_until("0\r\n\r\n"), CutOff);
}

TEST_CASE("what computes on another thread can ask whether it is to stop") {
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "200ms"});
  CHECK(server.fetch("/compute").status == 503);
  wait_for_count(server, "cancelled 1");
}

TEST_CASE("a handler that goes on after its cancellation is named, and its worker is replaced") {
  const std::string path = GENERATE("/stubborn", "/locked");
  Server server;
  server.start_with({"cancelled.so"}, {"--request-timeout", "200ms", "--graceful-timeout", "1s"});
  const pid_t first = server.booted_workers().at(0);
  CHECK(server.fetch(path).status == 503);
  const std::string line = server.wait_for("goes on 1s after it was cancelled");
  CHECK(line.find("cancelled: GET " + path) != std::string::npos);
  server.wait_for("has gone on for 2s after it was cancelled");
  server.wait_until_gone(first);
  CHECK(server.fetch("/counts").status == 200);
  CHECK(server.booted_workers().size() == 2);
}

TEST_CASE("a handler whose client has closed its connection is told") {
  Server server;
  server.start_with({"cancelled.so"});
  {
    HttpClient client = server.connect();
    client.send(get_request("/wait"));
    wait_for_count(server, "cancelled 0");  // it runs by then
  }
  wait_for_count(server, "cancelled 1");
}

TEST_CASE("a handler whose client has closed its connection behind the last bytes of its body is told") {
  Server server;
  server.start_with({"cancelled.so"});
  const pid_t worker = server.booted_workers().at(0);
  {
    HttpClient client = server.connect();
    client.send("POST /read_and_wait HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhel");
    wait_for_count(server, "cancelled 0");  // it reads by then
    ::kill(worker, SIGSTOP);                // so that the two come to it as one
    client.send("lo");
  }
  ::kill(worker, SIGCONT);
  wait_for_count(server, "cancelled 1");
}

TEST_CASE("a handler whose client has closed a unix socket is told") {
  Server server;
  server.start_with({"cancelled.so"},
                    {"--bind", "unix:" + (server.folder() / "app.sock").string(), "--bind", "127.0.0.1:0"});
  {
    HttpClient client = server.connect(0);
    client.send(get_request("/wait"));
    CHECK(server.connect(1).get("/counts").body == "finished 0 cancelled 0");  // it runs by then
  }
  for (const Deadline deadline; deadline.milliseconds_left() > 0;) {
    if (server.connect(1).get("/counts").body == "finished 0 cancelled 1") break;
  }
  CHECK(server.connect(1).get("/counts").body == "finished 0 cancelled 1");
}

TEST_CASE("a client of HTTP/1.0 that has closed its side is gone") {
  Server server;
  server.start_with({"cancelled.so"});
  HttpClient client = server.connect();
  client.send("GET /wait HTTP/1.0\r\n\r\n");
  client.shut_down_sending();
  wait_for_count(server, "cancelled 1");
}

TEST_CASE("a body that its client has ended too early is answered with 400") {
  const std::string body =
      GENERATE("Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nab");
  Server server;
  server.start_with({"cancelled.so"});
  HttpClient client = server.connect();
  client.send("POST /large HTTP/1.1\r\nHost: test\r\n" + body);
  client.shut_down_sending();
  CHECK(client.receive().status == 400);
  CHECK(client.is_closed_by_server());
}

TEST_CASE("a client that has only said all it has to say gets its answer") {
  Server server;
  server.start_with({"cancelled.so"});
  HttpClient client = server.connect();
  client.send(get_request("/leave?time=0.5"));
  client.shut_down_sending();
  Answer answer = client.receive();
  while (answer.status == 100) answer = client.receive();  // whether it was still there
  CHECK(answer.status == 200);
  CHECK(answer.body == "finished");
}

TEST_CASE("a route may ask for its requests to be finished when their clients have gone") {
  Server server;
  server.start_with({"cancelled.so"});
  {
    HttpClient client = server.connect();
    client.send(get_request("/finish?time=1"));
    wait_for_count(server, "finished 0");
  }
  wait_for_count(server, "finished 1");
  CHECK(server.get("/counts") == "finished 1 cancelled 0");
}

TEST_CASE("a route may take longer bodies than the others") {
  Server server;
  server.start_with({"cancelled.so"}, {"--limit-request-body", "1K"});
  CHECK(server.connect().request("POST", "/large", std::string(1 << 20, 'x')).body == "1048576");
  HttpClient client = server.connect();
  client.send("POST /large HTTP/1.1\r\nHost: test\r\nContent-Length: 20971521\r\n\r\n");
  CHECK(client.receive().status == 413);
}

TEST_CASE("requests beyond --max-concurrent-requests wait for their turns, the first first") {
  Server server;
  server.start_with({"probe.so"}, {"--max-concurrent-requests", "1"});
  HttpClient first = lingering(server, "0.5");
  HttpClient second = server.connect();
  second.send(get_request("/linger?time=0"));
  HttpClient third = server.connect();
  third.send(get_request("/linger?time=0"));
  CHECK_FALSE(second.has_bytes());
  CHECK(ends_well(first));
  CHECK(second.receive().status == 200);
  CHECK(third.receive().status == 200);
}

TEST_CASE("one that has waited too long for its turn gets 503, and is told to come again") {
  Server server;
  server.start_with({"probe.so"}, {"--max-concurrent-requests", "1", "--queue-timeout", "200ms"});
  HttpClient first = lingering(server, "60");
  HttpClient second = server.connect();
  const Answer answer = second.get("/linger?time=0");
  CHECK(answer.status == 503);
  CHECK(answer.header("retry-after") == "1");
  CHECK(second.is_closed_by_server());
}

TEST_CASE("a client that pipelines leaves the others their turns") {
  Server server;
  server.start_with({"cancelled.so"}, {"--max-concurrent-requests", "1"});
  HttpClient greedy = server.connect();
  std::string many;
  for (int i = 0; i < 20; ++i) many += get_request("/leave?time=0.05");
  greedy.send(many);
  CHECK(greedy.receive().status == 200);
  const std::string counts = server.get("/counts");
  CHECK(counts.find("finished 20") == std::string::npos);
  for (int i = 1; i < 20; ++i) CHECK(greedy.receive().status == 200);
}
