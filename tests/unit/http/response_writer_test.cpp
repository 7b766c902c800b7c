#include "http/response_writer.hpp"

#include <cerrno>
#include <functional>

#include "http/body_reader.hpp"
#include "wire.hpp"

namespace {

// A connection whose request has been read, and its answer not begun.
struct Answering : Wire {
  using Wire::Wire;

  void asked(std::string_view method, int minor_version = 1, bool keep_alive = true) {
    head.method = method;
    head.minor_version = minor_version;
    head.keep_alive = keep_alive;
    body.begin(head);
    response.begin(head);
  }

  // What came, with a Date that does not change.
  std::string received() {
    std::string text = client_received();
    const std::size_t date = text.find("Date: ");
    if (date != std::string::npos) text.replace(date, text.find("\r\n", date) - date, "Date: now");
    return text;
  }

  http::RequestHead head;
  bool draining = false;
  http::BodyReader body{server, input, limits};
  http::ResponseWriter response{server, body, limits, draining};
};

void answering(const std::function<void(Answering&)>& test) {
  on_worker_thread([&](WorkerThread& worker) {
    Answering connection(worker);
    test(connection);
  });
}

}  // namespace

TEST_CASE("an answer goes out whole") {
  answering([](Answering& connection) {
    connection.asked("GET");
    CHECK_FALSE(connection.response.set_status(201));
    CHECK_FALSE(connection.response.add_field("X-Own", "1"));
    CHECK_FALSE(connection.response.send("body"));
    CHECK(connection.received() ==
          "HTTP/1.1 201 Created\r\nServer: appserver\r\nDate: now\r\nX-Own: 1\r\nContent-Length: "
          "4\r\n\r\nbody");
    CHECK_FALSE(connection.response.closes());
  });
}

TEST_CASE("the answer to HEAD is that to GET without its body") {
  answering([](Answering& connection) {
    connection.asked("HEAD");
    connection.response.send("body");
    CHECK(connection.received().ends_with("Content-Length: 4\r\n\r\n"));
    connection.asked("HEAD");
    connection.response.write("piece");
    connection.response.finish();
    CHECK(connection.received().ends_with("Transfer-Encoding: chunked\r\n\r\n"));
  });
}

TEST_CASE("204 and 304 have neither a body nor a length") {
  answering([](Answering& connection) {
    for (const int status : {204, 304}) {
      connection.asked("GET");
      connection.response.set_status(status);
      connection.response.send("not to be sent");
      CHECK(connection.received().ends_with("Date: now\r\n\r\n"));
    }
  });
}

TEST_CASE("a streamed answer is chunked, and a piece of nothing does not end it") {
  answering([](Answering& connection) {
    connection.asked("GET");
    CHECK_FALSE(connection.response.write("Hello"));
    CHECK_FALSE(connection.response.write(""));
    CHECK_FALSE(connection.response.write(std::string(17, 'x')));
    CHECK_FALSE(connection.response.finish());
    CHECK(connection.received().ends_with(
        "Transfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n11\r\nxxxxxxxxxxxxxxxxx\r\n0\r\n\r\n"));
    CHECK_FALSE(connection.response.closes());
  });
}

TEST_CASE("a streamed answer to HTTP/1.0 ends with its connection") {
  answering([](Answering& connection) {
    connection.asked("GET", 0);
    connection.response.write("Hello");
    connection.response.finish();
    CHECK(connection.received().ends_with("Connection: close\r\n\r\nHello"));
    CHECK(connection.response.closes());
  });
}

TEST_CASE("Connection says what becomes of it") {
  answering([](Answering& connection) {
    connection.asked("GET", 0);
    connection.response.send("");
    CHECK(connection.received().ends_with("Connection: keep-alive\r\n\r\n"));
    connection.asked("GET", 1, false);
    connection.response.send("");
    CHECK(connection.received().ends_with("Connection: close\r\n\r\n"));
    connection.asked("GET");
    connection.draining = true;
    connection.response.send("");
    CHECK(connection.received().ends_with("Connection: close\r\n\r\n"));
  });
}

TEST_CASE("what can't stand in a head is refused") {
  answering([](Answering& connection) {
    connection.asked("GET");
    CHECK(connection.response.set_status(199) == std::errc::invalid_argument);
    CHECK(connection.response.set_status(600) == std::errc::invalid_argument);
    CHECK(connection.response.add_field("Bad Name", "x") == std::errc::invalid_argument);
    CHECK(connection.response.add_field("X", "a\r\nSet-Cookie: b") == std::errc::invalid_argument);
    for (const char* name : {"content-length", "Transfer-Encoding", "CONNECTION", "Date"}) {
      CHECK(connection.response.add_field(name, "1") == std::errc::invalid_argument);
    }
  });
}

TEST_CASE("once an answer has begun, another can't") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.write("a");
    CHECK(connection.response.set_status(500).value() == EALREADY);
    CHECK(connection.response.add_field("A", "b").value() == EALREADY);
    CHECK(connection.response.send("b").value() == EALREADY);
    connection.response.finish();
    CHECK(connection.response.write("c").value() == EALREADY);
  });
}

TEST_CASE("an answer that nobody set is 200 without a body") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.finish();
    CHECK(connection.received() ==
          "HTTP/1.1 200 OK\r\nServer: appserver\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
  });
}

TEST_CASE("a client that has gone cuts the answer") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.client_leaves();
    CHECK(connection.response.write("x") == std::errc::broken_pipe);
    CHECK(connection.response.was_cut());
    CHECK(connection.response.write("y") == std::errc::broken_pipe);
  });
}

TEST_CASE("an answer says that its connection ends where the next request can't be found") {
  answering([](Answering& connection) {
    connection.limits.request_body = 1 << 20;
    SECTION("behind a body that the client was not told to send") {
      connection.head.expects_continue = true;
      connection.head.content_length = 5;
    }
    SECTION("behind a body that is too long to be read for nothing") {
      connection.head.content_length = 1 << 20;
    }
    connection.asked("POST");
    connection.response.send("no");
    CHECK(connection.received().ends_with("Connection: close\r\n\r\nno"));
    CHECK(connection.response.closes());
  });
}

TEST_CASE("100 Continue does not come into the midst of an answer") {
  answering([](Answering& connection) {
    connection.head.expects_continue = true;
    connection.head.content_length = 5;
    connection.asked("POST");
    connection.response.write("first");
    connection.client_sends("Hello");
    std::string text;
    CHECK_FALSE(connection.body.read_all(text));
    CHECK(text == "Hello");
    CHECK(connection.received().find("100 Continue") == std::string::npos);
  });
}

TEST_CASE("a plugin's own Server takes the place of ours") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.add_field("server", "mine");
    connection.response.send("");
    CHECK(connection.received() ==
          "HTTP/1.1 200 OK\r\nDate: now\r\nserver: mine\r\nContent-Length: 0\r\n\r\n");
  });
}
