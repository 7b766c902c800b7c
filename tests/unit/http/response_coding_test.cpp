// Answers of a ResponseWriter to a client that asks for gzip.
#include <fcntl.h>

#include <functional>

#include "gunzip.hpp"
#include "http/body_reader.hpp"
#include "http/response_writer.hpp"
#include "temporary_folder.hpp"
#include "wire.hpp"

namespace {

struct Compressing : Wire {
  explicit Compressing(WorkerThread& worker) : Wire(worker), disk(worker.pools.waits) {}

  void asked(std::string_view method) {
    head.clear();
    head.method = method;
    head.fields.push_back({"Accept-Encoding", "gzip"});
    body.begin(head);
    response.begin(head);
    REQUIRE_FALSE(response.add_field("Content-Type", "text/plain"));
    REQUIRE_FALSE(response.add_field("ETag", "\"v1\""));
  }

  // What came since the last time: the head, and the body with its chunks joined.
  void receive() {
    bytes = client_received();
    const std::size_t end = bytes.find("\r\n\r\n");
    received_head = bytes.substr(0, end + 2);
    bytes.erase(0, end + 4);
  }
  bool has(std::string_view line) const {
    return received_head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
  std::string take_chunks() {
    std::string joined;
    while (!bytes.empty()) {
      const std::size_t size = std::stoul(bytes, nullptr, 16), begin = bytes.find("\r\n") + 2;
      joined += bytes.substr(begin, size);
      bytes.erase(0, begin + size + 2);
      if (size == 0) break;
    }
    return joined;
  }

  runtime::ThreadPool& disk;
  http::RequestHead head;
  bool draining = false;
  http::Compression compression{{http::Coding::gzip}, {"text/*"}, 100};
  http::BodyReader body{server, input, limits};
  http::ResponseWriter response{server, body, limits, compression, draining};
  std::string received_head;
  std::string bytes;
};

void compressing(const std::function<void(Compressing&)>& test) {
  on_worker_thread([&](WorkerThread& worker) {
    Compressing connection(worker);
    test(connection);
  });
}

// Longer than what is compressed in one go.
std::string long_text() {
  std::string text;
  for (std::size_t i = 0; text.size() < 100'000; ++i) text += "line " + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a whole answer is compressed, with its length if it is not long") {
  compressing([](Compressing& connection) {
    const std::string text(5000, 'x');
    connection.asked("GET");
    CHECK_FALSE(connection.response.send(text));
    connection.receive();
    CHECK(connection.has("Content-Encoding: gzip"));
    CHECK(connection.has("Vary: Accept-Encoding"));
    CHECK(connection.has("ETag: W/\"v1\""));
    CHECK(connection.has("Content-Length: " + std::to_string(connection.bytes.size())));
    CHECK(connection.bytes.size() < 100);
    CHECK(gunzip(connection.bytes).ended);
    CHECK(gunzip(connection.bytes).text == text);

    connection.asked("GET");
    CHECK_FALSE(connection.response.send(long_text()));
    CHECK(connection.response.send("again") == std::errc::connection_already_in_progress);
    CHECK_FALSE(connection.response.finish());
    connection.receive();
    CHECK(connection.has("Transfer-Encoding: chunked"));
    const auto read = gunzip(connection.take_chunks());
    CHECK(read.ended);
    CHECK(read.text == long_text());
    CHECK_FALSE(connection.response.closes());
  });
}

TEST_CASE("HEAD has the fields of the compressed answer, and no length that is not known") {
  compressing([](Compressing& connection) {
    connection.asked("HEAD");
    CHECK_FALSE(connection.response.send(std::string(5000, 'x')));
    connection.receive();
    CHECK(connection.has("Content-Encoding: gzip"));
    CHECK(connection.has("ETag: W/\"v1\""));
    CHECK(connection.received_head.find("Content-Length") == std::string::npos);
    CHECK(connection.bytes.empty());

    connection.asked("HEAD");
    CHECK_FALSE(connection.response.write("piece"));
    CHECK_FALSE(connection.response.finish());
    connection.receive();
    CHECK(connection.has("Content-Encoding: gzip"));
    CHECK(connection.bytes.empty());
  });
}

TEST_CASE("each piece of a streamed answer can be read as it comes") {
  compressing([](Compressing& connection) {
    connection.asked("GET");
    CHECK_FALSE(connection.response.write("one"));
    connection.receive();
    CHECK(connection.has("Transfer-Encoding: chunked"));
    std::string body = connection.take_chunks();
    CHECK(gunzip(body).text == "one");
    CHECK_FALSE(connection.response.write("two"));
    connection.bytes = connection.client_received();
    body += connection.take_chunks();
    CHECK(gunzip(body).text == "onetwo");
    CHECK_FALSE(connection.response.finish());
    connection.bytes = connection.client_received();
    CHECK(connection.bytes.ends_with("\r\n0\r\n\r\n"));
    body += connection.take_chunks();
    CHECK(gunzip(body).ended);
  });
}

TEST_CASE("a streamed answer with a length is held to it, and has none when it is compressed") {
  compressing([](Compressing& connection) {
    connection.asked("GET");
    CHECK_FALSE(connection.response.set_length(200));
    CHECK_FALSE(connection.response.write(std::string(150, 'x')));
    CHECK(connection.response.write(std::string(51, 'x')) == std::errc::message_size);
    CHECK_FALSE(connection.response.write(std::string(50, 'x')));
    CHECK_FALSE(connection.response.finish());
    connection.receive();
    CHECK(connection.received_head.find("Content-Length") == std::string::npos);
    CHECK(gunzip(connection.take_chunks()).text == std::string(200, 'x'));
  });
}

TEST_CASE("a file is compressed as other pieces are") {
  compressing([](Compressing& connection) {
    const TemporaryFolder folder;
    const std::string text = long_text();
    const base::UniqueFd file(::open(folder.write("file", text).c_str(), O_RDONLY | O_CLOEXEC));
    connection.asked("GET");
    CHECK_FALSE(connection.response.set_length(text.size()));
    CHECK_FALSE(connection.response.write(text.substr(0, 10)));
    CHECK_FALSE(connection.response.send_file({file.get(), 10, text.size() - 10}, connection.disk));
    CHECK_FALSE(connection.response.finish());
    connection.receive();
    const auto read = gunzip(connection.take_chunks());
    CHECK(read.ended);
    CHECK(read.text == text);
  });
}

TEST_CASE("an answer that is cut, or begun anew, leaves nothing of it to the next") {
  compressing([](Compressing& connection) {
    connection.asked("GET");
    CHECK_FALSE(connection.response.write("half"));
    connection.response.cut();
    connection.receive();
    connection.asked("GET");
    CHECK_FALSE(connection.response.send("short"));
    connection.receive();
    CHECK(connection.has("Content-Length: 5"));
    CHECK(connection.has("ETag: \"v1\""));
    CHECK(connection.bytes == "short");
  });
}
