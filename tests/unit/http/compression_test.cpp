#include "http/compression.hpp"

#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

// What becomes of the fields of an answer, behind the coding it goes out in.
struct Answer {
  std::string fields = "Content-Type: text/plain\r\n";
  int status = 200;
  std::optional<std::uint64_t> length = std::nullopt;
  const char* accepted = "gzip";
  int minor_version = 1;

  std::string applied() const {
    const http::Compression compression({http::Coding::gzip}, {"text/*", "application/json", "*+xml"}, 1000);
    http::RequestHead request;
    request.minor_version = minor_version;
    request.fields.push_back({"Accept-Encoding", accepted});
    boost::container::small_vector<char, 16> text(fields.begin(), fields.end());
    const auto coding = compression.apply(request, status, length, text);
    return std::string(coding ? name_of(*coding) : "none") + "\n" + std::string(text.begin(), text.end());
  }
  bool is_left_alone() const { return applied() == "none\n" + fields; }
};

Answer with(const std::string& fields) { return {.fields = "Content-Type: text/plain\r\n" + fields}; }
Answer of_type(const std::string& type) { return {.fields = "Content-Type: " + type + "\r\n"}; }

const std::string kCompressed = "Vary: Accept-Encoding\r\nContent-Encoding: gzip\r\n";

}  // namespace

TEST_CASE("an answer that is compressed says so, and that it varies") {
  CHECK(with("").applied() == "gzip\nContent-Type: text/plain\r\n" + kCompressed);
  CHECK(with("X: 1\r\n").applied() == "gzip\nContent-Type: text/plain\r\nX: 1\r\n" + kCompressed);
  CHECK(with("Vary: Cookie\r\n").applied() ==
        "gzip\nContent-Type: text/plain\r\nVary: Cookie\r\n" + kCompressed);
  for (const char* vary : {"Vary: Cookie , accept-encoding\r\n", "vary: *\r\n"}) {
    CHECK(with(vary).applied() ==
          "gzip\nContent-Type: text/plain\r\n" + std::string(vary) + "Content-Encoding: gzip\r\n");
  }
}

TEST_CASE("an answer that could have been compressed varies, too") {
  Answer answer;
  answer.accepted = "identity";
  CHECK(answer.applied() == "none\nContent-Type: text/plain\r\nVary: Accept-Encoding\r\n");
  answer.accepted = "gzip";
  answer.minor_version = 0;
  CHECK(answer.applied() == "none\nContent-Type: text/plain\r\nVary: Accept-Encoding\r\n");
}

TEST_CASE("a part, or what says that nothing has changed, varies as the whole does") {
  const std::string type = "Content-Type: text/plain\r\n", vary = "Vary: Accept-Encoding\r\n";
  const std::string range = "Content-Range: bytes 0-1/2\r\n", tag = "ETag: \"v1\"\r\n";
  const std::string parts = "Content-Type: multipart/byteranges; boundary=x\r\n";
  const auto applied = [](int status, const std::string& fields) {
    return Answer{.fields = fields, .status = status, .length = 2}.applied();
  };
  CHECK(applied(304, tag) == "none\n" + tag + vary);
  CHECK(applied(304, tag + type) == "none\n" + tag + type + vary);
  CHECK(applied(304, tag + vary) == "none\n" + tag + vary);
  CHECK(applied(206, type + range + tag) == "none\n" + type + range + tag + vary);
  CHECK(applied(206, parts) == "none\n" + parts + vary);
  for (const int status : {206, 304}) {
    for (const char* fields : {"Content-Type: image/png\r\n", "Content-Encoding: br\r\n",
                               "Content-Type: text/css\r\nCache-Control: no-transform\r\n"}) {
      CAPTURE(status, fields);
      CHECK(applied(status, fields) == "none\n" + std::string(fields));
    }
  }
  CHECK(Answer{.fields = parts}.is_left_alone());
}

TEST_CASE("an entity tag is weak once the body is another, and there are no ranges of it") {
  CHECK(with("ETag: \"v1\"\r\nAccept-Ranges: bytes\r\n").applied() ==
        "gzip\nContent-Type: text/plain\r\nETag: W/\"v1\"\r\n" + kCompressed);
  CHECK(with("etag: W/\"v1\"\r\n").applied() ==
        "gzip\nContent-Type: text/plain\r\netag: W/\"v1\"\r\n" + kCompressed);
  Answer plain = with("ETag: \"v1\"\r\nAccept-Ranges: bytes\r\n");
  plain.accepted = "identity";
  CHECK(plain.applied() == "none\n" + plain.fields + "Vary: Accept-Encoding\r\n");
}

TEST_CASE("only types that are worth it are compressed") {
  for (const char* type :
       {"text/css", "TEXT/html; charset=utf-8", "application/json", "image/svg+xml ;a=b"}) {
    CAPTURE(type);
    CHECK(of_type(type).applied().substr(0, 5) == "gzip\n");
  }
  for (const char* type : {"image/png", "application/jsonx", "application/octet-stream", "text", "+xm"}) {
    CAPTURE(type);
    CHECK(of_type(type).is_left_alone());
  }
  CHECK(Answer{.fields = ""}.is_left_alone());
}

TEST_CASE("what is short, or a range, or encoded, or not to be changed is left alone") {
  Answer answer;
  answer.length = 999;
  CHECK(answer.is_left_alone());
  answer.length = 1000;
  CHECK_FALSE(answer.is_left_alone());
  for (const int status : {204, 205}) {
    CHECK(Answer{.status = status}.is_left_alone());
  }
  CHECK_FALSE(Answer{.status = 404}.is_left_alone());
  for (const char* field : {"Content-Encoding: br\r\n", "content-range: bytes 0-1/2\r\n",
                            "Repr-Digest: x\r\n", "Cache-Control: private, no-transform\r\n"}) {
    CAPTURE(field);
    CHECK(with(field).is_left_alone());
  }
}
