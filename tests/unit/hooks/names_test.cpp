#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <resolv.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "catch.hpp"
#include "request_fibers.hpp"
#include "slow_names.hpp"

using namespace std::chrono_literals;

namespace {

// A name server on a port of the loopback, that knows no name and says so after a tenth of a second.
class SlowNameServer {
 public:
  SlowNameServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address_), size);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address_), &size);
    const int room = 1 << 20;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    thread_ = std::thread([this] { answer(); });
  }
  ~SlowNameServer() {
    ::shutdown(socket_.get(), SHUT_RDWR);
    thread_.join();
  }

  // The settings by which it is asked.
  res_state settings(struct __res_state& state) const {
    state = {};
    ::res_ninit(&state);
    state.nscount = 1;
    state.nsaddr_list[0] = address_;
    state.retrans = 5;
    state.retry = 1;
    return &state;
  }

 private:
  struct Query {
    std::chrono::steady_clock::time_point due;
    sockaddr_in from;
    std::vector<unsigned char> text;
  };

  void answer() {
    std::multimap<std::chrono::steady_clock::time_point, Query> queries;
    for (;;) {
      timeval patience{0, 5'000};
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      std::array<unsigned char, 512> text;
      Query query{};
      socklen_t size = sizeof query.from;
      const ssize_t length = ::recvfrom(socket_.get(), text.data(), text.size(), 0,
                                        reinterpret_cast<sockaddr*>(&query.from), &size);
      if (length == 0) return;  // shut down
      const auto now = std::chrono::steady_clock::now();
      if (length > 0) {
        query.text.assign(text.begin(), text.begin() + length);
        queries.emplace(now + 100ms, query);
      }
      while (!queries.empty() && queries.begin()->first <= now) {
        Query& due = queries.begin()->second;
        due.text[2] |= 0x80;          // an answer (RFC 1035 section 4.1.1):
        due.text[3] = ns_r_nxdomain;  // no such name
        ::sendto(socket_.get(), due.text.data(), due.text.size(), 0, reinterpret_cast<sockaddr*>(&due.from),
                 sizeof due.from);
        queries.erase(queries.begin());
      }
    }
  }

  base::UniqueFd socket_;
  sockaddr_in address_{};
  std::thread thread_;
};

// Runs `ask` on one request's fiber, and says whether another had a turn meanwhile.
bool lets_others_run(const std::function<void()>& ask) {
  bool other_ran = false;
  bool ran_meanwhile = false;
  on_request_fibers({[&] {
                       ask();
                       ran_meanwhile = other_ran;
                     },
                     [&] { other_ran = true; }});
  return ran_meanwhile;
}

}  // namespace

TEST_CASE("a hundred slow names are asked for side by side, each getting its own answer") {
  const SlowNames names;
  int told = 0;
  const auto time = on_request_fibers(100, [&](int i) {
    const std::string name = "host-" + std::to_string(i);
    const addrinfo hints{AI_CANONNAME, 0, SOCK_STREAM, 0, 0, nullptr, nullptr, nullptr};
    addrinfo* list = nullptr;
    if (::getaddrinfo(name.c_str(), "80", &hints, &list) != 0) return;
    if (list->ai_canonname == name && list->ai_family == AF_INET) ++told;
    ::freeaddrinfo(list);
  });
  CHECK(told == 100);
  CHECK(time < 2s);
}

TEST_CASE("a hundred slow queries are made side by side, and their errors come back") {
  const SlowNameServer server;
  int told = 0;
  const auto time = on_request_fibers(100, [&](int) {
    struct __res_state state;
    std::array<unsigned char, 512> answer;
    h_errno = 0;
    const int size = ::res_nquery(server.settings(state), "name.invalid", ns_c_in, ns_t_a, answer.data(),
                                  static_cast<int>(answer.size()));
    if (size == -1 && h_errno == HOST_NOT_FOUND) ++told;
    ::res_nclose(&state);
  });
  CHECK(told == 100);
  CHECK(time < 3s);
}

TEST_CASE("while a request asks for a name, the others have their turn") {
  std::array<char, 1024> strings;
  SECTION("getaddrinfo") {
    int result = -1;
    CHECK(lets_others_run([&] {
      addrinfo* list = nullptr;
      result = ::getaddrinfo("localhost", "80", nullptr, &list);
      if (result == 0) ::freeaddrinfo(list);
    }));
    CHECK(result == 0);
  }
  SECTION("getnameinfo") {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    CHECK(lets_others_run([&] {
      ::getnameinfo(reinterpret_cast<sockaddr*>(&address), sizeof address, strings.data(), strings.size(),
                    nullptr, 0, 0);
    }));
    CHECK(std::string(strings.data()) == "localhost");
  }
  SECTION("gethostbyname_r") {
    hostent entry;
    hostent* result = nullptr;
    int error = 0;
    CHECK(lets_others_run(
        [&] { ::gethostbyname_r("localhost", &entry, strings.data(), strings.size(), &result, &error); }));
    CHECK(result == &entry);
  }
  SECTION("getpwuid_r") {
    passwd entry;
    passwd* result = nullptr;
    CHECK(lets_others_run([&] { ::getpwuid_r(0, &entry, strings.data(), strings.size(), &result); }));
    REQUIRE(result == &entry);
    CHECK(std::string(entry.pw_name) == "root");
  }
}

TEST_CASE("what is no name is answered at once, as are mistakes") {
  int result = -1;
  CHECK_FALSE(lets_others_run([&] {
    addrinfo* list = nullptr;
    result = ::getaddrinfo("127.0.0.1", "80", nullptr, &list);
    if (result == 0) ::freeaddrinfo(list);
  }));
  CHECK(result == 0);
  lets_others_run([&] {
    const addrinfo hints{AI_NUMERICHOST, 0, 0, 0, 0, nullptr, nullptr, nullptr};
    addrinfo* list = nullptr;
    result = ::getaddrinfo("no-number", nullptr, &hints, &list);
  });
  CHECK(result == EAI_NONAME);
}

TEST_CASE("the place of an answer is the request's own") {
  std::array<hostent*, 20> answers{};
  int right = 0;
  on_request_fibers(20, [&](int i) {
    const std::string name = "127.0.0." + std::to_string(i + 1);
    hostent* const answer = ::gethostbyname(name.c_str());
    answers[static_cast<std::size_t>(i)] = answer;
    ::usleep(1'000);
    in_addr address{};
    if (answer) std::memcpy(&address, answer->h_addr, sizeof address);
    if (::ntohl(address.s_addr) == INADDR_LOOPBACK + static_cast<unsigned>(i)) ++right;
  });
  CHECK(right == 20);
}

TEST_CASE("users and services are found by name and by number") {
  std::array<std::string, 4> found;
  on_request_fibers(1, [&](int) {
    if (const passwd* const user = ::getpwnam("root")) found[0] = user->pw_dir;
    if (const passwd* const user = ::getpwuid(0)) found[1] = user->pw_name;
    if (const group* const of = ::getgrgid(0)) found[2] = of->gr_name;
    errno = 0;
    if (!::getpwnam("no such user")) found[3] = std::to_string(errno);
  });
  CHECK(found == std::array<std::string, 4>{"/root", "root", "root", "0"});
}
