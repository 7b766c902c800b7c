#include "http/response_writer.hpp"

#include <cerrno>

#include "http/body_reader.hpp"
#include "wire.hpp"

namespace {

http::RequestHead asked(std::string_view method, int minor_version = 1, bool keep_alive = true) {
  http::RequestHead head;
  head.method = method;
  head.minor_version = minor_version;
  head.keep_alive = keep_alive;
  return head;
}

// What came, with a Date that does not change.
std::string received(Wire& wire) {
  std::string text = wire.client_received();
  const std::size_t date = text.find("Date: ");
  if (date != std::string::npos) text.replace(date, text.find("\r\n", date) - date, "Date: now");
  return text;
}

const bool kNotDraining = false;

}  // namespace

TEST_CASE("an answer goes out whole") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    CHECK_FALSE(response.set_status(201));
    CHECK_FALSE(response.add_field("X-Own", "1"));
    CHECK_FALSE(response.send("body"));
    CHECK(received(wire) ==
          "HTTP/1.1 201 Created\r\nServer: appserver\r\nDate: now\r\nX-Own: 1\r\nContent-Length: "
          "4\r\n\r\nbody");
    CHECK_FALSE(response.closes());
  });
}

TEST_CASE("the answer to HEAD is that to GET without its body") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("HEAD");
    response.begin(head);
    response.send("body");
    CHECK(received(wire).ends_with("Content-Length: 4\r\n\r\n"));
    response.begin(head);
    response.write("piece");
    response.finish();
    CHECK(received(wire).ends_with("Transfer-Encoding: chunked\r\n\r\n"));
  });
}

TEST_CASE("204 and 304 have neither a body nor a length") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    for (const int status : {204, 304}) {
      response.begin(head);
      response.set_status(status);
      response.send("not to be sent");
      CHECK(received(wire).ends_with("Date: now\r\n\r\n"));
    }
  });
}

TEST_CASE("a streamed answer is chunked, and a piece of nothing does not end it") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    CHECK_FALSE(response.write("Hello"));
    CHECK_FALSE(response.write(""));
    CHECK_FALSE(response.write(std::string(17, 'x')));
    CHECK_FALSE(response.finish());
    CHECK(received(wire).ends_with(
        "Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n11\r\nxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n"));
    CHECK_FALSE(response.closes());
  });
}

TEST_CASE("a streamed answer to HTTP/1.0 ends with its connection") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET", 0);
    response.begin(head);
    response.write("Hello");
    response.finish();
    CHECK(received(wire).ends_with("Connection: close\r\n\r\nHello"));
    CHECK(response.closes());
  });
}

TEST_CASE("Connection says what becomes of it") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    bool draining = false;
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, draining);
    const auto kept10 = asked("GET", 0), kept11 = asked("GET"), closed = asked("GET", 1, false);
    response.begin(kept10);
    response.send("");
    CHECK(received(wire).ends_with("Connection: keep-alive\r\n\r\n"));
    response.begin(closed);
    response.send("");
    CHECK(received(wire).ends_with("Connection: close\r\n\r\n"));
    response.begin(kept11);
    draining = true;
    response.send("");
    CHECK(received(wire).ends_with("Connection: close\r\n\r\n"));
  });
}

TEST_CASE("what can't stand in a head is refused") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    CHECK(response.set_status(199) == std::errc::invalid_argument);
    CHECK(response.set_status(600) == std::errc::invalid_argument);
    CHECK(response.add_field("Bad Name", "x") == std::errc::invalid_argument);
    CHECK(response.add_field("X", "a\r\nSet-Cookie: b") == std::errc::invalid_argument);
    for (const char* name : {"content-length", "Transfer-Encoding", "CONNECTION", "Date"}) {
      CHECK(response.add_field(name, "1") == std::errc::invalid_argument);
    }
  });
}

TEST_CASE("once an answer has begun, another can't") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    response.write("a");
    CHECK(response.set_status(500).value() == EALREADY);
    CHECK(response.add_field("A", "b").value() == EALREADY);
    CHECK(response.send("b").value() == EALREADY);
    response.finish();
    CHECK(response.write("c").value() == EALREADY);
  });
}

TEST_CASE("an answer that nobody set is 200 without a body") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    response.finish();
    CHECK(received(wire) == "HTTP/1.1 200 OK\r\nServer: appserver\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
  });
}

TEST_CASE("a client that has gone cuts the answer") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    wire.client_leaves();
    CHECK(response.write("x") == std::errc::broken_pipe);
    CHECK(response.was_cut());
    CHECK(response.write("y") == std::errc::broken_pipe);
  });
}

TEST_CASE("an answer says that its connection ends where the next request can't be found") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    wire.limits.request_body = 1 << 20;
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    auto head = asked("POST");
    SECTION("behind a body that the client was not told to send") {
      head.expects_continue = true;
      head.content_length = 5;
    }
    SECTION("behind a body that is too long to be read for nothing") { head.content_length = 1 << 20; }
    body.begin(head);
    response.begin(head);
    response.send("no");
    CHECK(received(wire).ends_with("Connection: close\r\n\r\nno"));
    CHECK(response.closes());
  });
}

TEST_CASE("100 Continue does not come into the midst of an answer") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    auto head = asked("POST");
    head.expects_continue = true;
    head.content_length = 5;
    body.begin(head);
    response.begin(head);
    response.write("first");
    wire.client_sends("Hello");
    std::string text;
    CHECK_FALSE(body.read_all(text));
    CHECK(text == "Hello");
    CHECK(received(wire).find("100 Continue") == std::string::npos);
  });
}

TEST_CASE("a plugin's own Server takes the place of ours") {
  on_worker_thread([](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    http::ResponseWriter response(wire.server, body, wire.limits, kNotDraining);
    const auto head = asked("GET");
    response.begin(head);
    response.add_field("server", "mine");
    response.send("");
    CHECK(received(wire) == "HTTP/1.1 200 OK\r\nDate: now\r\nserver: mine\r\nContent-Length: 0\r\n\r\n");
  });
}
