#include "http/response_writer.hpp"

#include <fcntl.h>

#include <cerrno>
#include <functional>

#include "http/body_reader.hpp"
#include "temporary_folder.hpp"
#include "wire.hpp"

namespace {

// A connection whose request has been read, and its answer not begun.
struct Answering : Wire {
  explicit Answering(WorkerThread& worker) : Wire(worker), disk(worker.pools.waits) {}

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

  // Sends so much of a file with this text.
  std::error_code send_file(const std::string& text, std::uint64_t offset, std::uint64_t size) {
    const TemporaryFolder folder;
    const base::UniqueFd file(::open(folder.write("file", text).c_str(), O_RDONLY | O_CLOEXEC));
    return response.send_file({file.get(), offset, size}, disk);
  }

  runtime::ThreadPool& disk;
  http::RequestHead head;
  bool draining = false;
  http::BodyReader body{server, input, limits};
  http::Compression uncompressed;
  http::ResponseWriter response{server, body, limits, uncompressed, draining};
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

TEST_CASE("205 has a body of no bytes, however it is written") {
  answering([](Answering& connection) {
    for (const bool whole : {true, false}) {
      connection.asked("GET");
      connection.response.set_status(205);
      whole ? connection.response.send("not to be sent") : connection.response.write("not to be sent");
      CHECK_FALSE(connection.response.finish());
      CHECK(connection.received().ends_with("Content-Length: 0\r\n\r\n"));
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
    CHECK(connection.response.client_gone());
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

TEST_CASE("a streamed answer of a known length has no chunks, to HTTP/1.0 neither") {
  answering([](Answering& connection) {
    for (const int minor_version : {1, 0}) {
      connection.asked("GET", minor_version);
      CHECK_FALSE(connection.response.set_length(5));
      CHECK_FALSE(connection.response.write("Hel"));
      CHECK(connection.response.lacks() == 2);
      CHECK_FALSE(connection.response.write("lo"));
      CHECK_FALSE(connection.response.finish());
      const std::string text = connection.received();
      CHECK(text.find("Content-Length: 5\r\n") != std::string::npos);
      CHECK(text.ends_with("\r\n\r\nHello"));
      CHECK_FALSE(connection.response.closes());
    }
  });
}

TEST_CASE("HEAD shows the length of a body that nobody makes, and 304 needs none") {
  answering([](Answering& connection) {
    connection.asked("HEAD");
    connection.response.set_length(5);
    CHECK(connection.response.lacks() == 0);
    SECTION("that is not begun") {}
    SECTION("that is begun and not ended") { connection.response.write("Hel"); }
    SECTION("that is a file's") { connection.send_file("Hello", 0, 5); }
    CHECK_FALSE(connection.response.finish());
    CHECK(connection.received().ends_with("Content-Length: 5\r\n\r\n"));
    connection.asked("GET");
    connection.response.set_status(304);
    connection.response.set_length(5);
    CHECK_FALSE(connection.response.finish());
    CHECK(connection.received().ends_with("Date: now\r\n\r\n"));
    CHECK_FALSE(connection.response.was_cut());
  });
}

TEST_CASE("more than the length announced is refused, and less is cut") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.set_length(5);
    CHECK(connection.response.send("Hell") == std::errc::message_size);
    CHECK(connection.response.write("Hello!") == std::errc::message_size);
    CHECK_FALSE(connection.response.begun());
    connection.response.write("Hell");
    CHECK(connection.send_file("o!", 0, 2) == std::errc::message_size);
    CHECK(connection.response.set_length(4).value() == EALREADY);
    CHECK(connection.response.finish() == std::errc::message_size);
    CHECK(connection.response.was_cut());
    CHECK(connection.received().ends_with("\r\n\r\nHell"));
  });
}

TEST_CASE("an answer of which nothing came is not kept waiting for") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.set_length(5);
    connection.response.finish();
    CHECK(connection.response.was_cut());
    connection.asked("GET");
    connection.response.set_length(5);
    connection.response.restart();
    CHECK_FALSE(connection.response.send("another"));
  });
}

TEST_CASE("a file is a piece among others") {
  answering([](Answering& connection) {
    connection.asked("GET");
    SECTION("of an answer of known length") {
      connection.response.set_length(7);
      CHECK_FALSE(connection.send_file("0123456789", 2, 3));
      CHECK_FALSE(connection.response.write("-"));
      CHECK_FALSE(connection.send_file("0123456789", 7, 3));
      CHECK_FALSE(connection.response.finish());
      CHECK(connection.received().ends_with("\r\n\r\n234-789"));
    }
    SECTION("of one in chunks") {
      CHECK_FALSE(connection.send_file("0123456789", 2, 3));
      CHECK_FALSE(connection.send_file("", 0, 0));
      CHECK_FALSE(connection.response.finish());
      CHECK(connection.received().ends_with("\r\n\r\n3\r\n234\r\n0\r\n\r\n"));
    }
    SECTION("of one in chunks, larger than what is copied") {
      const std::string text(20'000, 'x');
      CHECK_FALSE(connection.send_file(text, 0, text.size()));
      CHECK_FALSE(connection.response.finish());
      CHECK(connection.received().ends_with("\r\n\r\n4e20\r\n" + text + "\r\n0\r\n\r\n"));
    }
    CHECK_FALSE(connection.response.was_cut());
  });
}

TEST_CASE("a file that ends too early cuts the answer") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.set_length(10);
    CHECK(connection.send_file("01234", 0, 10) == std::errc::no_message_available);
    CHECK(connection.response.was_cut());
    CHECK_FALSE(connection.response.client_gone());
  });
}

TEST_CASE("an answer knows for the log how much of its body went out, and what was added to its head") {
  answering([](Answering& connection) {
    connection.asked("GET");
    connection.response.add_field("X-One", "1");
    connection.response.add_field("x-two", "");
    connection.response.add_field("X-One", "2");
    connection.response.write("12345");
    connection.response.write("678");
    connection.response.finish();
    CHECK(connection.response.body_size() == 8);
    CHECK(connection.response.field("x-one") == "1");
    CHECK(connection.response.field("X-Two").empty());
    CHECK(connection.response.field("X").empty());
    connection.asked("HEAD");
    CHECK(connection.response.field("X-One").empty());
    connection.response.send("12345");
    CHECK(connection.response.body_size() == 0);
    connection.asked("GET");
    connection.response.send(std::string(10'000, 'x'));
    CHECK(connection.response.body_size() == 10'000);
    connection.asked("GET");
    connection.client_leaves();
    connection.response.send("lost");
    CHECK(connection.response.body_size() == 0);
  });
}
