#include <appserver/content.hpp>

#include "catch.hpp"
#include "fake_host.hpp"

using namespace appserver;

namespace {

const std::string kTen = "0123456789";

// The answer to a request for ten bytes of text/x-ten with these headers.
appserver_exchange answer(const Fields& headers, const std::string& method = "GET",
                          const Validators& validators = {"\"v1\"", 784'111'777}) {
  FakeHost host;
  host.start([&](App& app) {
    app.route(method, "/", [&](Request& request) {
      return serve_content(
          request, {"text/x-ten", kTen.size(), validators, [](ResponseStream& out, const ByteRange& range) {
                      out.write(kTen.substr(range.first, range.size));
                    }});
    });
  });
  appserver_exchange exchange;
  exchange.method = method;
  exchange.headers = headers;
  host.call(exchange);
  return exchange;
}

}  // namespace

TEST_CASE("content is sent whole, with all that a client may ask by later") {
  const auto whole = answer({});
  CHECK(whole.status == 200);
  CHECK(whole.text() == kTen);
  CHECK(whole.length == 10u);
  CHECK(whole.answer_headers == Fields{{"Content-Type", "text/x-ten"},
                                       {"ETag", "\"v1\""},
                                       {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                       {"Accept-Ranges", "bytes"}});
}

TEST_CASE("a range is sent as a part") {
  const auto part = answer({{"Range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(part.text() == "234");
  CHECK(part.length == 3u);
  CHECK(part.header("Content-Range") == "bytes 2-4/10");
  CHECK(part.header("Content-Type") == "text/x-ten");
  CHECK(part.header("ETag") == "\"v1\"");
  CHECK(answer({{"Range", "bytes=20-,-1"}}).header("Content-Range") == "bytes 9-9/10");
}

TEST_CASE("several ranges are sent as several parts, each with its place") {
  const auto parts = answer({{"Range", "bytes=0-1,-2"}});
  CHECK(parts.status == 206);
  CHECK(parts.header("Content-Range") == "");
  const std::string type = parts.header("Content-Type");
  const std::string beginning = "multipart/byteranges; boundary=";
  REQUIRE(type.substr(0, beginning.size()) == beginning);
  const std::string boundary = type.substr(beginning.size());
  CHECK(parts.text() ==
        "\r\n--" + boundary + "\r\nContent-Type: text/x-ten\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n--" +
            boundary + "\r\nContent-Type: text/x-ten\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--" +
            boundary + "--\r\n");
  CHECK(parts.length == parts.text().size());
}

TEST_CASE("a range of what is not there is refused with what there is") {
  const auto refused = answer({{"Range", "bytes=10-"}});
  CHECK(refused.status == 416);
  CHECK(refused.header("Content-Range") == "bytes */10");
}

TEST_CASE("a range is heeded of GET alone, once, and if it can be read") {
  CHECK(answer({{"Range", "bytes=0-1"}}, "HEAD").status == 200);
  CHECK(answer({{"Range", "bytes=0-1"}}, "HEAD").length == 10u);
  CHECK(answer({{"Range", "bytes=0-1"}, {"Range", "bytes=2-3"}}).status == 200);
  CHECK(answer({{"Range", "lines=0-1"}}).status == 200);
}

TEST_CASE("If-Range has a part sent only of what the client knows") {
  const auto status = [](const std::string& if_range, const Validators& validators) {
    return answer({{"Range", "bytes=0-1"}, {"If-Range", if_range}}, "GET", validators).status;
  };
  const Validators now{"\"v1\"", 784'111'777};
  CHECK(status("\"v1\"", now) == 206);
  CHECK(status("\"v0\"", now) == 200);
  CHECK(status("W/\"v1\"", now) == 200);
  CHECK(status("W/\"v1\"", {"W/\"v1\"", {}}) == 200);
  CHECK(status("Sun, 06 Nov 1994 08:49:37 GMT", now) == 206);
  CHECK(status("Sun, 06 Nov 1994 08:49:38 GMT", now) == 200);
  CHECK(status("nonsense", {}) == 200);
  // It counts only where there is a range, and 304 goes before it.
  CHECK(answer({{"If-Range", "\"v0\""}}).status == 200);
  CHECK(answer({{"Range", "bytes=0-1"}, {"If-Range", "\"v1\""}, {"If-None-Match", "\"v1\""}}).status == 304);
}
