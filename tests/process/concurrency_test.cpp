// One worker, one thread, and requests that wait side by side.
#include <sys/resource.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

TEST_CASE("of two slow requests in one worker the shorter is answered first") {
  Server server;
  server.start_with({"slow.so"});
  HttpClient longer = server.connect(), shorter = server.connect();

  const Stopwatch watch;
  longer.send(get_request("/slow?time=0.7"));
  shorter.send(get_request("/slow?time=0.3"));
  CHECK(shorter.receive().body == "Slept for 0.3 seconds.");
  CHECK_FALSE(longer.has_bytes());
  CHECK(longer.receive().body == "Slept for 0.7 seconds.");
  CHECK(watch.seconds() >= 0.7);
  CHECK(watch.seconds() < 1.0);  // one after the other
  CHECK(server.booted_workers().size() == 1);
}

TEST_CASE("a thousand requests sleep in one worker at once") {
  Server server;
  server.start_with({"slow.so"}, {"--worker-connections", "2000"});

  // The clients' descriptors; the server was started with the limit that a shell gives.
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  std::vector<HttpClient> sleepers;
  const Stopwatch watch;
  for (int i = 0; i < 1000; ++i) {
    sleepers.push_back(server.connect());
    sleepers.back().send(get_request("/slow?time=1"));
  }
  int answered = 0;
  for (HttpClient& sleeper : sleepers) answered += sleeper.receive().body == "Slept for 1 seconds.";
  CHECK(answered == 1000);
  CHECK(watch.seconds() < 10);
}

TEST_CASE("a worker takes no more connections than it may, and the next when one is free") {
  Server server;
  server.start_with({"probe.so"}, {"--worker-connections", "2"});
  HttpClient first = lingering(server, "60");
  HttpClient second = server.connect();
  CHECK(second.get("/index").body == "0");

  HttpClient third = server.connect();  // waits in the kernel's queue
  third.send(get_request("/index"));
  CHECK(second.get("/index").body == "0");
  CHECK_FALSE(third.has_bytes());
  { const HttpClient gone = std::move(second); }
  CHECK(third.receive().body == "0");
}
