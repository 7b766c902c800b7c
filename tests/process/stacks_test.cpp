// The stacks that requests run on: as large as a plugin asks for, and refused where there is no memory.
#include <set>
#include <vector>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// Asks for 200 answers at once, more than there are stacks for, and counts those that were refused with 503.
// The worker that answered the others is in `worker`.
int refused_of_200(const Server& server, std::set<std::string>& workers) {
  std::vector<HttpClient> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(server.connect());
    clients.back().send(get_request("/wait?time=500ms"));
  }
  int refused = 0, answered = 0;
  for (HttpClient& client : clients) {
    const Answer answer = client.receive();
    if (answer.status == 503) ++refused;
    if (answer.status != 200) continue;
    ++answered;
    workers.insert(answer.body);
  }
  CHECK(refused + answered == 200);
  CHECK(answered > 0);
  return refused;
}

}  // namespace

TEST_CASE("a plugin that asks for a large stack has it in its start, its handlers and its stop") {
  Server server;
  server.start_with({"deep.so", "hello.so"});
  CHECK(server.get("/descend") == "came back");
  CHECK(server.get("/hello") == "Hello, World!");
  HttpClient client = server.connect();
  for (int i = 0; i < 10; ++i) CHECK(client.get("/descend").body == "came back");
  CHECK(server.fetch("/throw").status == 500);
  CHECK(server.wait_for("from the deep").find("GET /throw") != std::string::npos);
  server.signal(SIGTERM);
  CHECK(server.wait_for_exit() == 0);
  server.wait_until_all_gone();
  CHECK(server.has_logged("frames deep"));
}

TEST_CASE("requests for which there is no stack are refused, and the worker serves on") {
  const std::string plugin = GENERATE("tight.so", "tight_and_deep.so");
  CAPTURE(plugin);
  Server server;
  server.start_with({plugin});
  std::set<std::string> workers;
  CHECK(refused_of_200(server, workers) > 0);
  server.wait_for("no memory for another stack");
  workers.insert(server.get("/wait?time=0"));
  CHECK(refused_of_200(server, workers) > 0);
  CHECK(workers.size() == 1);
  CHECK(server.booted_workers().size() == 1);
}
