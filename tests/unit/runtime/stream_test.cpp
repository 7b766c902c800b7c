#include "runtime/stream.hpp"

#include <sys/socket.h>

#include <memory>
#include <string>

#include "catch.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

namespace {

struct Pair {
  explicit Pair(runtime::Reactor& reactor) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    a = std::make_unique<runtime::Stream>(reactor, base::UniqueFd(ends[0]));
    b = std::make_unique<runtime::Stream>(reactor, base::UniqueFd(ends[1]));
  }
  std::unique_ptr<runtime::Stream> a, b;
};

std::error_code write(runtime::Stream& stream, std::string text, runtime::Duration patience = 5s) {
  iovec piece{text.data(), text.size()};
  return stream.write({&piece, 1}, patience);
}

}  // namespace

TEST_CASE("a read waits for its bytes and gives those that came") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    runtime::spawn(worker.stacks, [&] { write(*pair.a, "hello"); });
    char buffer[16];
    const auto result = pair.b->read(buffer, runtime::Clock::now() + 5s);
    CHECK_FALSE(result.error);
    CHECK(std::string(buffer, result.size) == "hello");
  });
}

TEST_CASE("a read ends at its deadline") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    char buffer[16];
    CHECK(pair.a->read(buffer, runtime::Clock::now() + 2ms).error == std::errc::timed_out);
  });
}

TEST_CASE("the end of a stream is a read of nothing") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    pair.a->shut_down_writing();
    char buffer[16];
    const auto result = pair.b->read(buffer, runtime::Clock::now() + 5s);
    CHECK_FALSE(result.error);
    CHECK(result.size == 0);
  });
}

TEST_CASE("a write of more than the kernel takes waits for the reader and loses nothing") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    const std::string sent(3'000'000, 'x');
    std::error_code error = std::make_error_code(std::errc::interrupted);
    runtime::spawn(worker.stacks, [&] {
      error = write(*pair.a, sent);
      pair.a->shut_down_writing();
    });
    std::string received;
    char buffer[70'000];
    for (;;) {
      const auto result = pair.b->read(buffer, runtime::Clock::now() + 5s);
      REQUIRE_FALSE(result.error);
      if (result.size == 0) break;
      received.append(buffer, result.size);
    }
    CHECK_FALSE(error);
    CHECK(received == sent);
  });
}

TEST_CASE("a write gives up on a reader that does not read") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    CHECK(write(*pair.a, std::string(3'000'000, 'x'), 2ms) == std::errc::timed_out);
  });
}

TEST_CASE("a write to nobody is a broken pipe, and no signal") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    pair.b.reset();
    CHECK(write(*pair.a, "x") == std::errc::broken_pipe);
  });
}

TEST_CASE("pieces go out in their order, empty ones among them") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    std::string one = "one", two = "two";
    iovec pieces[] = {{nullptr, 0}, {one.data(), 3}, {nullptr, 0}, {two.data(), 3}};
    CHECK_FALSE(pair.a->write(pieces, 5s));
    char buffer[16];
    const auto result = pair.b->read(buffer, runtime::Clock::now() + 5s);
    CHECK(std::string(buffer, result.size) == "onetwo");
  });
}

TEST_CASE("a peer that keeps up does not keep the other fibers from their turns") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    const std::string plenty(10'000, 'x');
    REQUIRE_FALSE(write(*pair.a, plenty));
    bool other_ran = false;
    runtime::spawn(worker.stacks, [&] { other_ran = true; });
    char byte;
    for (std::size_t i = 0; i < plenty.size(); ++i) {
      REQUIRE(pair.b->read({&byte, 1}, runtime::kNever).size == 1);
    }
    CHECK(other_ran);
  });
}

TEST_CASE("a second reader of one stream is told so instead of waiting for ever") {
  on_worker_thread([](WorkerThread& worker) {
    Pair pair(worker.reactor);
    std::error_code second;
    runtime::spawn(worker.stacks, [&] {
      char byte;
      second = pair.b->read({&byte, 1}, runtime::kNever).error;
      write(*pair.a, "x");
    });
    char byte;
    CHECK(pair.b->read({&byte, 1}, runtime::Clock::now() + 5s).size == 1);
    CHECK(second == std::errc::device_or_resource_busy);
  });
}
