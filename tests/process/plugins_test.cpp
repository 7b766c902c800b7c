// What plugins can do for their clients, and how several live together.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// An HTTP server that answers one request, with what it is told.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd_, 1);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer] { serve(answer); });
  }
  ~OneAnswer() {
    ::shutdown(fd_, SHUT_RDWR);  // in case that nobody came
    thread_.join();
    ::close(fd_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  int port() const { return port_; }

 private:
  void serve(const std::string& answer) const {
    const int client = ::accept(fd_, nullptr, nullptr);
    if (client < 0) return;
    std::string request;
    char byte;
    while (request.find("\r\n\r\n") == std::string::npos && ::read(client, &byte, 1) == 1) request += byte;
    [[maybe_unused]] const ssize_t sent = ::write(client, answer.data(), answer.size());
    ::close(client);
  }

  int fd_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("hello answers text and JSON with their types") {
  Server server;
  server.start_with({"hello.so"});
  CHECK(server.get("/hello") == "Hello, World!");
  CHECK(server.fetch("/hello").header("content-type").starts_with("text/plain"));
  CHECK(server.get("/json") == R"({"message":"Hello, World!"})");
  CHECK(server.fetch("/json").header("content-type") == "application/json");
}

TEST_CASE("slow refuses a time that is none, and says what is wrong with it") {
  Server server;
  server.start_with({"slow.so"});
  CHECK(server.get("/slow?time=0") == "Slept for 0 seconds.");
  for (const char* time : {"abc", "-1", "1e9", "nan", "1x", ""}) {
    const Answer answer = server.fetch("/slow?time=" + std::string(time));
    CAPTURE(time, answer.body);
    CHECK(answer.status == 400);
    CHECK(answer.body.find("time") != std::string::npos);
  }
}

TEST_CASE("a pattern's parameters reach the handler, decoded") {
  Server server;
  server.start_with({"routes.so"});
  CHECK(server.get("/users/42") == "user 42");
  CHECK(server.get("/users/a%20b%2Fc") == "user a b/c");
  CHECK(server.fetch("/users/").status == 404);
  CHECK(server.fetch("/users/1/2").status == 404);
  CHECK(server.get("/files/a/b.txt") == "file a/b.txt");
}

TEST_CASE("headers pass both ways") {
  Server server;
  server.start_with({"routes.so"});
  const Answer answer = server.connect().request("GET", "/headers", "", "x-one: 1\r\n");
  CHECK(answer.body == "X-One is 1");
  CHECK(answer.header("x-two") == "2, two");
  CHECK(server.get("/headers") == "X-One is not there");
}

TEST_CASE("a log line of a plugin bears its name and the request's") {
  Server server;
  server.start_with({"routes.so"});
  const std::string id = server.get("/note?text=one%0Atwo");
  const std::string line = server.wait_for("noted");
  CAPTURE(line, id);
  CHECK(line.find("[WARNING]") != std::string::npos);
  CHECK(line.find("routes") != std::string::npos);
  CHECK(line.find("GET /note") != std::string::npos);
  CHECK(line.find(id) != std::string::npos);
  CHECK(line.find("one\\x0atwo") != std::string::npos);
}

TEST_CASE("several plugins are served together, and one under a prefix") {
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.put_plugin("hello.so", "hello.so");
  server.start({"--plugin", "hello.so", "--plugin", "/api=routes.so"});
  CHECK(server.get("/hello") == "Hello, World!");
  CHECK(server.get("/api/users/7") == "user 7");
  CHECK(server.fetch("/users/7").status == 404);
}

TEST_CASE("one plugin is served under two prefixes") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  server.start({"--plugin", "/a=hello.so", "--plugin", "/b=hello.so"});
  CHECK(server.get("/a/hello") == "Hello, World!");
  CHECK(server.get("/b/hello") == "Hello, World!");
}

TEST_CASE("two plugins that claim one route are refused by their names") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  server.put_plugin("claims_hello.so", "claims_hello.so");
  CHECK(server.run({"--plugin", "hello.so", "--plugin", "claims_hello.so", "--bind", "127.0.0.1:0"}) == 4);
  const std::string line = server.wait_for("both claim GET /hello");
  CAPTURE(line);
  CHECK(line.find("hello (hello.so)") != std::string::npos);
  CHECK(line.find("claims_hello (claims_hello.so)") != std::string::npos);
}

TEST_CASE("two files that give themselves one name are refused") {
  Server server;
  server.put_plugin("one.so", "version_1.so");
  server.put_plugin("two.so", "version_2.so");
  CHECK(server.run({"--plugin", "one.so", "--plugin", "/two=two.so", "--bind", "127.0.0.1:0"}) == 4);
  const std::string line = server.wait_for("both call themselves");
  CAPTURE(line);
  CHECK(line.find("one.so") != std::string::npos);
  CHECK(line.find("two.so") != std::string::npos);
}

TEST_CASE("a setting that no plugin asks for is refused") {
  Server server;
  server.put_plugin("routes.so", "routes.so");
  server.write_file("appserver.conf", "plugin = routes.so\nbind = 127.0.0.1:0\n[routes]\ngreting = hi\n");
  CHECK(server.run({}) == 1);
  CHECK(server.has_logged("greting"));
}

TEST_CASE("upstream hands on what another server answers") {
  const OneAnswer other("HTTP/1.1 203 Fine\r\nContent-Type: text/x-other\r\nContent-Length: 5\r\n\r\nother");
  Server server;
  server.put_plugin("upstream.so", "upstream.so");
  server.write_file("appserver.conf", "plugin = upstream.so\n[upstream]\naddress = 127.0.0.1:" +
                                          std::to_string(other.port()) + "\n");
  server.start({});
  const Answer answer = server.fetch("/upstream");
  CHECK(answer.status == 203);
  CHECK(answer.header("content-type") == "text/x-other");
  CHECK(answer.body == "other");
}

TEST_CASE("upstream answers 502 where nobody listens") {
  int port;
  {
    const OneAnswer gone("");
    port = gone.port();
  }
  Server server;
  server.put_plugin("upstream.so", "upstream.so");
  server.write_file("appserver.conf",
                    "plugin = upstream.so\n[upstream]\naddress = 127.0.0.1:" + std::to_string(port) + "\n");
  server.start({});
  CHECK(server.fetch("/upstream").status == 502);
}
