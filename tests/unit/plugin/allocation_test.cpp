// Wherever on the way of a request memory runs out, that request fails and the next one is served: each
// allocation is made to fail in its turn.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "http/server.hpp"
#include "observe/request_board.hpp"
#include "plugin/application.hpp"
#include "runtime/parking.hpp"
#include "worker_thread.hpp"

using namespace std::chrono_literals;

// --- the operator that fails --------------------------------------------------------------------------

namespace {

// On the thread that sets it: how many allocations from now the one that fails is; 0 is none.
thread_local int failing = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  if (failing > 0 && --failing == 0) throw std::bad_alloc();
  void* const memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

// --- a worker's way of a request, from the socket to the plugin and back ------------------------------

constexpr http::Limits kLimits = {.request_line = 4094,
                                  .fields = 100,
                                  .field_size = 8190,
                                  .request_body = 1 << 20,
                                  .connections = 100,
                                  .header_timeout = 10s,
                                  .body_timeout = 10s,
                                  .keep_alive = 10s};

class Site {
 public:
  explicit Site(WorkerThread& worker)
      : surroundings_{worker.reactor, worker.all_stacks,         worker.pools, 0,  1,
                      settings_,      [](const std::string&) {}, {},           {}, {}},
        board_(*slot_),
        application_(board_, surroundings_),
        server_(worker.reactor, worker.stacks, application_, kLimits, http::Compression({}, {}, 0), {},
                nullptr) {
    const std::string file = APPSERVER_FIXTURES "/routes.so";
    application_.open({file, file, file, ""});
    application_.start_last();
    application_.finish_loading();
  }

  struct Outcome {
    std::string answer;
    bool failed;  // the allocation: there were so many
  };

  // What comes back for `request`, until the server closes; allocation number `fail_at` fails meanwhile.
  Outcome ask(std::string_view request, int fail_at) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    const base::UniqueFd client(ends[0]);
    REQUIRE(::send(client.get(), request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
    std::array<char, 8192> answer;
    std::size_t size = 0;
    failing = fail_at;
    server_.add(base::UniqueFd(ends[1]), {});
    const auto deadline = runtime::Clock::now() + 20s;
    ssize_t got;
    do {
      runtime::sleep_until(runtime::Clock::now() + 50us);
      got = ::recv(client.get(), answer.data() + size, answer.size() - size, 0);
      if (got > 0) size += static_cast<std::size_t>(got);
    } while ((got > 0 || (got < 0 && errno == EAGAIN)) && runtime::Clock::now() < deadline);
    const bool failed = fail_at > 0 && failing == 0;
    failing = 0;
    return {{answer.data(), size}, failed};
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> settings_;
  plugin::Surroundings surroundings_;
  std::unique_ptr<observe::WorkerSlot> slot_ = std::make_unique<observe::WorkerSlot>();
  observe::RequestBoard board_;
  plugin::Application application_;
  http::Server server_;
};

// While it stands, what is logged goes nowhere: of many failures each has its line.
class Silence {
 public:
  Silence() : log_(::dup(STDERR_FILENO)) {
    const base::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    ::dup2(nowhere.get(), STDERR_FILENO);
  }
  ~Silence() { ::dup2(log_.get(), STDERR_FILENO); }

 private:
  const base::UniqueFd log_;
};

struct Asked {
  std::string_view what, request, answer;
};

constexpr Asked kRequests[] = {
    {"a short answer",
     "GET /users/ada%20lovelace HTTP/1.1\r\nHost: test\r\nAccept: text/plain\r\nConnection: close\r\n\r\n",
     "user ada lovelace"},
    {"a body",
     "POST /submit HTTP/1.1\r\nHost: test\r\nContent-Length: 40\r\nConnection: close\r\n\r\n"
     "1234567890123456789012345678901234567890",
     "submitted 1234567890123456789012345678901234567890"},
    {"a body in chunks",
     "POST /submit HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
     "a\r\n1234567890\r\na\r\nabcdefghij\r\n0\r\n\r\n",
     "submitted 1234567890abcdefghij"},
    {"chunks that hold a request, trailers, and a request behind them",
     "POST /submit HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
     "30\r\nGET /users/smuggled HTTP/1.1\r\nHost: test1234\r\n\r\n\r\n0\r\n"
     "A-trailer-that-is-too-long-for-a-small-string: GET /users/smuggled HTTP/1.1\r\n\r\n"
     "GET /users/2 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
     "user 2"},
    {"a stream", "GET /count?to=3 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "0\r\n\r\n"},
    {"requests in a row",
     "GET /users/1 HTTP/1.1\r\nHost: test\r\n\r\nGET /users/2 HTTP/1.1\r\nHost: test\r\nConnection: "
     "close\r\n\r\n",
     "user 2"},
    {"an id", "GET /note?text=well HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "-"},
    {"no such path", "GET /nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "Not Found"},
    {"no such method", "PATCH /submit HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "Not Allowed"},
    {"a failure", "GET /fail HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "Internal Server Error"},
};

}  // namespace

TEST_CASE("wherever memory runs out, that request fails and the next one is served") {
  on_worker_thread([](WorkerThread& worker) {
    const Silence silence;
    Site site(worker);
    for (const Asked& asked : kRequests) {
      CAPTURE(asked.what);
      REQUIRE(site.ask(asked.request, 0).answer.find(asked.answer) != std::string::npos);
      int fail_at = 1;
      for (bool failed = true; failed; ++fail_at) {
        CAPTURE(fail_at);
        const Site::Outcome outcome = site.ask(asked.request, fail_at);
        failed = outcome.failed;
        CHECK(outcome.answer.substr(0, 9) == "HTTP/1.1 ");
        CHECK(outcome.answer.find("user smuggled") == std::string::npos);
        CHECK(site.ask(asked.request, 0).answer.find(asked.answer) != std::string::npos);
      }
      CHECK(fail_at > 2);
    }
  });
}
