#include <fcntl.h>
#include <unistd.h>

#include <appserver/response.hpp>
#include <cerrno>
#include <memory>

#include "catch.hpp"
#include "fake_host.hpp"
#include "scope_exit.hpp"
#include "temporary_folder.hpp"

using namespace appserver;

namespace {

// What the client gets when a handler returns what `make` makes.
template <typename Make>
appserver_exchange answer(Make make) {
  FakeHost host;
  if (host.start([&](App& app) { app.get("/", [&](Request&) { return make(); }); }) != 0) {
    FAIL("the plugin did not start: " << host.failure);
  }
  return host.get("/");
}

}  // namespace

TEST_CASE("text is sent as plain UTF-8, and braces in it only mean something to a pattern") {
  const auto hello = answer([] { return text("Hello, World!"); });
  CHECK(hello.result == 0);
  CHECK(hello.status == 200);
  CHECK(hello.text() == "Hello, World!");
  CHECK(hello.answer_headers == Fields{{"Content-Type", "text/plain; charset=utf-8"}});
  CHECK(answer([] { return text(std::string("{}")); }).text() == "{}");
  CHECK(answer([] { return text("Slept for {} seconds.", 5.0); }).text() == "Slept for 5 seconds.");
}

TEST_CASE("JSON and bytes bear their types") {
  const auto object = answer([] { return json(R"({"a":1})"); });
  CHECK(object.header("Content-Type") == "application/json");
  CHECK(object.text() == R"({"a":1})");
  const auto image = answer([] { return bytes("image/png", std::string("\x89\0", 2)); });
  CHECK(image.header("Content-Type") == "image/png");
  CHECK(image.text() == std::string("\x89\0", 2));
  CHECK(answer([] { return Response().status(204); }).answer_headers.empty());
}

TEST_CASE("a status and headers are added to any answer, and its type can be replaced") {
  const auto made = answer([] {
    auto response = text("<p>").header("content-type", "text/html");
    response.status(201).header("Location", "/1").header("X-A", "1").header("X-A", "2");
    return response;
  });
  CHECK(made.status == 201);
  CHECK(made.answer_headers ==
        Fields{{"content-type", "text/html"}, {"Location", "/1"}, {"X-A", "1"}, {"X-A", "2"}});
}

TEST_CASE("a head that can't be sent is the handler's failure") {
  const auto bad_status = answer([] { return text("").status(99); });
  CHECK(bad_status.result < 0);
  CHECK(bad_status.failure == "status 99 is not one of 200 to 599");
  const auto bad_header = answer([] { return text("").header("X", "a\r\nb: c"); });
  CHECK(bad_header.failure == "the header 'X' is not well-formed, or is the server's to write");
  CHECK_FALSE(bad_header.begun);
}

TEST_CASE("a streamed answer goes out as it is written") {
  const auto streamed = answer([] {
    return stream("text/csv",
                  [](ResponseStream& out) {
                    for (const char* line : {"a\n", "b\n"}) out.write(line);
                  })
        .status(203);
  });
  CHECK(streamed.result == 0);
  CHECK(streamed.status == 203);
  CHECK(streamed.header("Content-Type") == "text/csv");
  CHECK(streamed.pieces == std::vector<std::string>{"a\n", "b\n"});
  const auto empty = answer([] { return stream("text/csv", [](ResponseStream&) {}).status(202); });
  CHECK(empty.status == 202);
  CHECK(empty.header("Content-Type") == "text/csv");
}

TEST_CASE("a stream that fails before its first piece is answered, after it is cut") {
  const auto early = answer([] {
    return stream("text/csv", [](ResponseStream&) { throw NotFound("no such table"); }).status(203);
  });
  CHECK(early.result == 0);
  CHECK(early.status == 404);
  CHECK(early.text() == "no such table");
  CHECK(early.answer_headers.size() == 1);
  const auto late = answer([] {
    return stream("text/csv", [](ResponseStream& out) {
      out.write("a\n");
      throw NotFound("no such row");
    });
  });
  CHECK(late.result < 0);
  CHECK(late.text() == "a\n");
  CHECK(late.failure == "no such row");
}

TEST_CASE("a client that goes away ends the handler") {
  FakeHost host;
  int written = 0;
  REQUIRE(host.start([&](App& app) {
    app.get("/whole", [](Request&) { return text("hello"); });
    app.get("/stream", [&](Request&) {
      return stream("text/plain", [&](ResponseStream& out) {
        for (;; ++written) out.write("more");
      });
    });
  }) == 0);
  for (const char* path : {"/whole", "/stream"}) {
    appserver_exchange exchange;
    exchange.path = path;
    exchange.send_result = -EPIPE;
    host.call(exchange);
    CHECK(exchange.result == -EPIPE);
    CHECK(exchange.failure == "the client is gone: Broken pipe");
  }
  CHECK(written == 0);
}

TEST_CASE("a streamed answer may announce its length, and holds to it") {
  const auto announced = answer([] {
    return stream("text/csv", 4, [](ResponseStream& out) {
      out.write("a\n");
      out.write("b\n");
    });
  });
  CHECK(announced.length == 4u);
  CHECK(announced.text() == "a\nb\n");
  CHECK(announced.header("Content-Type") == "text/csv");
  const auto too_long = answer([] {
    return stream("text/csv", 4, [](ResponseStream& out) {
      out.write("a\n");
      out.write("b\nc\n");
    });
  });
  CHECK(too_long.result < 0);
  CHECK(too_long.failure == "the answer is longer than the length announced");
}

TEST_CASE("a piece of an answer may be a file's") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a", "0123456789");
  const auto sent = [&](std::uint64_t offset, std::uint64_t size) {
    return answer([=] {
      return stream("text/plain", [=](ResponseStream& out) {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const test::ScopeExit close([=] { ::close(file); });
        out.write("> ");
        out.write_file(file, offset, size);
      });
    });
  };
  CHECK(sent(2, 3).text() == "> 234");
  CHECK(sent(2, 30).failure == "the file is shorter than what is to be sent of it");
}
