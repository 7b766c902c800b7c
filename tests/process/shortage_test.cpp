// A worker that runs out of descriptors, memory or threads fails the requests that want them, and lives.
#include <sys/resource.h>

#include <filesystem>
#include <set>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

pid_t only_worker(const Server& server) { return server.booted_workers().at(0); }

// Lets the worker open `more` descriptors, and no other.
void limit_descriptors(const Server& server, int more) {
  const pid_t worker = only_worker(server);
  std::set<int> open;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(worker) + "/fd")) {
    open.insert(std::stoi(entry.path().filename()));
  }
  rlim_t most = 0;  // numbers from here on can't be had
  for (int free = 0; free < more; ++most) {
    if (!open.contains(static_cast<int>(most))) ++free;
  }
  const rlimit wanted{most, most};
  REQUIRE(::prlimit(worker, RLIMIT_NOFILE, &wanted, nullptr) == 0);
}

}  // namespace

TEST_CASE("where descriptors have run out a client is told to come again, and those that are served are") {
  Server server;
  server.start_with({"probe.so"});
  limit_descriptors(server, 3);
  std::vector<HttpClient> served;
  Answer answer;
  for (int i = 0; i < 64 && answer.status != 503; ++i) {
    HttpClient client = server.connect();
    answer = client.get("/index");
    if (answer.status == 200) served.push_back(std::move(client));
  }
  CHECK(answer.status == 503);
  CHECK(answer.header("retry-after") == "1");
  CHECK(answer.header("connection") == "close");
  for (int again = 0; again < 50; ++again) CHECK(server.fetch("/index").status == 503);
  for (HttpClient& client : served) CHECK(client.get("/index").status == 200);
  CHECK(server.count_logged("Connections are answered with 503") == 1);

  served.clear();
  while (server.fetch("/index").status != 200) {
  }
  server.wait_for("Connections are accepted again");
  CHECK(server.count_logged("Connections are answered with 503") == 1);
  CHECK_FALSE(server.has_logged("Worker exiting"));
}
