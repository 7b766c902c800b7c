#include "runtime/connect.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

// A port of 127.0.0.1 that listens, or that has just stopped to.
class LocalPort {
 public:
  LocalPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number = ntohs(address.sin_port);
  }
  void listen() { REQUIRE(::listen(fd_.get(), 1) == 0); }

  std::uint16_t number = 0;

 private:
  base::UniqueFd fd_;
};

}  // namespace

TEST_CASE("a connection opens to a number and to a name") {
  on_worker_thread([](WorkerThread& worker) {
    LocalPort port;
    port.listen();
    const auto deadline = runtime::Clock::now() + 10s;
    CHECK(runtime::connect(worker.reactor, worker.pools.names, "127.0.0.1", port.number, deadline).stream);
    CHECK(runtime::connect(worker.reactor, worker.pools.names, "localhost", port.number, deadline).stream);
  });
}

TEST_CASE("a port where nobody listens refuses") {
  on_worker_thread([](WorkerThread& worker) {
    const LocalPort port;
    const auto result = runtime::connect(worker.reactor, worker.pools.names, "127.0.0.1", port.number,
                                         runtime::Clock::now() + 10s);
    CHECK_FALSE(result.stream);
    CHECK(result.error == std::errc::connection_refused);
  });
}

TEST_CASE("a name that can't be is not found") {
  on_worker_thread([](WorkerThread& worker) {
    const auto result =
        runtime::connect(worker.reactor, worker.pools.names, "no such name", 80, runtime::Clock::now() + 20s);
    CHECK_FALSE(result.stream);
    CHECK(result.error == std::errc::no_such_file_or_directory);
  });
}
