#include "http/body_reader.hpp"

#include <functional>

#include "wire.hpp"

namespace {

http::RequestHead of_length(std::uint64_t length) {
  http::RequestHead head;
  head.content_length = length;
  return head;
}

http::RequestHead in_chunks() {
  http::RequestHead head;
  head.chunked = true;
  return head;
}

// A connection whose head has been read.
void reading(const std::function<void(WorkerThread&, Wire&, http::BodyReader&)>& test) {
  on_worker_thread([&](WorkerThread& worker) {
    Wire wire(worker);
    http::BodyReader body(wire.server, wire.input, wire.limits);
    test(worker, wire, body);
  });
}

std::error_code read_all(http::BodyReader& body, std::string& text) { return body.read_all(text); }

}  // namespace

TEST_CASE("a body of a length ends there, and the next request is left where it is") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.buffered("Hello");
    wire.client_sends(" worldGET /next");
    body.begin(of_length(11));
    std::string text;
    CHECK_FALSE(read_all(body, text));
    CHECK(text == "Hello world");
    CHECK(body.finish());
    char rest[16];
    CHECK(wire.server.try_read(rest).size == 9);
  });
}

TEST_CASE("a chunked body ends with its last chunk, and what came behind it is the next request") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.buffered("5\r\nHel");
    wire.client_sends("lo\r\n6\r\n world\r\n0\r\n\r\nGET /next");
    body.begin(in_chunks());
    CHECK(body.length() == -1);
    std::string text;
    CHECK_FALSE(read_all(body, text));
    CHECK(text == "Hello world");
    REQUIRE(body.finish());
    CHECK(wire.input.unread() == "GET /next");
  });
}

TEST_CASE("trailers are kept until the next body, and stay out of sight before the end of theirs") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.client_sends("2\r\nab\r\n0\r\nX-Sum: \t7 \r\nTransfer-Encoding: gzip\r\nEmpty:\r\n\r\n0\r\n\r\n");
    body.begin(in_chunks());
    char byte;
    CHECK(body.read({&byte, 1}).size == 1);
    CHECK(body.trailers().empty());
    std::string text;
    CHECK_FALSE(read_all(body, text));
    REQUIRE(body.trailers().size() == 2);
    CHECK(body.trailers()[0].name == "X-Sum");
    CHECK(body.trailers()[0].value == "7");
    CHECK(body.trailers()[1].name == "Empty");
    CHECK(body.trailers()[1].value.empty());
    CHECK(body.finish());
    body.begin(in_chunks());
    CHECK_FALSE(read_all(body, text));
    CHECK(body.trailers().empty());
  });
}

TEST_CASE("a body is read in pieces as small as the reader likes") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.client_sends("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    body.begin(in_chunks());
    std::string text;
    char byte;
    for (auto result = body.read({&byte, 1}); result.size == 1; result = body.read({&byte, 1})) text += byte;
    CHECK(text == "abcde");
  });
}

TEST_CASE("what a handler did not read is skipped, unless it is too much") {
  reading([](WorkerThread& worker, Wire& wire, http::BodyReader& body) {
    wire.buffered("0123456789GET /next");
    body.begin(of_length(10));
    CHECK(body.finish());
    CHECK(wire.input.unread() == "GET /next");
    wire.input.release();
    wire.limits.request_body = 1 << 20;
    runtime::spawn(worker.stacks, [&] {
      std::string much(1 << 20, 'x');
      iovec piece{much.data(), much.size()};
      runtime::Stream client(worker.reactor, std::move(wire.client));
      client.write({&piece, 1}, std::chrono::seconds(5));
    });
    body.begin(of_length(1 << 20));
    CHECK_FALSE(body.finish());
  });
}

TEST_CASE("a chunked body past the limit is too long") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.limits.request_body = 4;
    wire.client_sends("5\r\nHello\r\n0\r\n\r\n");
    body.begin(in_chunks());
    std::string text;
    CHECK(read_all(body, text) == std::errc::message_size);
    CHECK(read_all(body, text) == std::errc::message_size);
    CHECK_FALSE(body.finish());
    CHECK_FALSE(body.client_gone());
  });
}

TEST_CASE("broken chunks are a bad message") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.client_sends("x\r\n");
    body.begin(in_chunks());
    std::string text;
    CHECK(read_all(body, text) == std::errc::bad_message);
    CHECK(read_all(body, text) == std::errc::bad_message);
  });
}

TEST_CASE("a client that leaves in the midst of its body has reset the connection") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.client_sends("Hel");
    wire.client_leaves();
    body.begin(of_length(5));
    std::string text;
    CHECK(read_all(body, text) == std::errc::connection_reset);
    CHECK(text == "Hel");
    CHECK(body.client_gone());
  });
}

TEST_CASE("a client that sends nothing for the body timeout has timed out") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    wire.limits.body_timeout = std::chrono::milliseconds(2);
    body.begin(of_length(5));
    std::string text;
    CHECK(read_all(body, text) == std::errc::timed_out);
  });
}

TEST_CASE("a client that waits for 100 Continue gets it when its body is wanted, and not before") {
  reading([](WorkerThread& worker, Wire& wire, http::BodyReader& body) {
    http::RequestHead head = of_length(2);
    head.expects_continue = true;
    body.begin(head);
    CHECK(wire.client_received().empty());
    std::string interim, text;
    runtime::spawn(worker.stacks, [&] {
      interim = wire.client_received();
      wire.client_sends("ok");
    });
    CHECK_FALSE(read_all(body, text));
    CHECK(interim == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(text == "ok");
    CHECK(body.finish());
  });
}

TEST_CASE("where 100 Continue was never sent, no next request can be found") {
  reading([](WorkerThread&, Wire& wire, http::BodyReader& body) {
    http::RequestHead head = of_length(2);
    head.expects_continue = true;
    body.begin(head);
    CHECK_FALSE(body.leads_to_next(true));
    CHECK(wire.client_received().empty());
  });
}

TEST_CASE("100 Continue is sent for a second chunked body as for the first") {
  reading([](WorkerThread& worker, Wire& wire, http::BodyReader& body) {
    http::RequestHead head = in_chunks();
    head.expects_continue = true;
    for (int i = 0; i < 2; ++i) {
      body.begin(head);
      std::string text;
      runtime::spawn(worker.stacks, [&] { wire.client_sends("1\r\na\r\n0\r\n\r\n"); });
      CHECK_FALSE(read_all(body, text));
      CHECK(wire.client_received() == "HTTP/1.1 100 Continue\r\n\r\n");
      CHECK(body.finish());
    }
  });
}
