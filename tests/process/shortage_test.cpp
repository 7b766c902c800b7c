// A worker that runs out of descriptors, memory or threads fails the requests that want them, and lives.
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
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

// Lets the worker have this much memory (address space) more, in bytes.
void limit_memory(const Server& server, rlim_t more) {
  const pid_t worker = only_worker(server);
  rlim_t pages = 0;
  std::ifstream("/proc/" + std::to_string(worker) + "/statm") >> pages;
  rlimit now;
  REQUIRE(::prlimit(worker, RLIMIT_AS, nullptr, &now) == 0);
  const rlimit wanted{pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + more, now.rlim_max};
  REQUIRE(::prlimit(worker, RLIMIT_AS, &wanted, nullptr) == 0);
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

#if !defined(__SANITIZE_ADDRESS__)  // which needs address space of its own

TEST_CASE("where memory has run out the requests that need it fail, and the worker lives") {
  Server server;
  server.start_with({"routes.so", "probe.so"});
  CHECK(server.fetch("/index").status == 200);
  limit_memory(server, 1 << 20);
  CHECK(server.connect().request("POST", "/submit", std::string(7 << 20, 'x')).status >= 500);
  CHECK(server.connect().request("POST", "/submit", "small").body == "submitted small");

  // More requests at once than there are stacks.
  std::vector<HttpClient> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(server.connect());
    clients.back().send(get_request("/linger?time=0.5"));
  }
  int answered = 0, refused = 0;
  for (HttpClient& client : clients) ++(client.receive().status == 200 ? answered : refused);
  CHECK(answered > 0);
  CHECK(refused > 0);
  CHECK(server.has_logged("no memory"));
  CHECK(server.fetch("/index").status == 200);
  CHECK(server.booted_workers().size() == 1);
}

#endif

TEST_CASE("where no thread can be started what was to run on it fails, and the worker lives") {
  Server server;
  server.start_with({"routes.so", "probe.so"});
  limit_memory(server, 1 << 20);  // a thread's stack has 8 MiB
  CHECK(server.fetch("/thread").status == 500);
  CHECK(server.fetch("/index").status == 200);
  CHECK(server.booted_workers().size() == 1);
}
