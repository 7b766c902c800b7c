#include <fcntl.h>
#include <sys/stat.h>
#include <appserver/send_file.hpp>

#include <filesystem>

#include "catch.hpp"
#include "fake_host.hpp"
#include "temporary_folder.hpp"

using namespace appserver;

namespace {

// Sets when a file was modified.
void modify_at(const std::string& path, std::time_t seconds, long nanoseconds) {
  const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

// Runs `look` where the host's threads are there to be used.
template <typename Look>
void on_host(Look look) {
  FakeHost host;
  REQUIRE(host.start([](App&) {}) == 0);
  look();
}

}  // namespace

TEST_CASE("a file is answered with its type, its size and what tells its state") {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.css", "body{}");
  modify_at(path, 784'111'777, 5);
  FakeHost host;
  host.start([&](App& app) { app.get("/", [&](Request& request) { return send_file(request, path); }); });
  const auto answer = host.get("/");
  CHECK(answer.status == 200);
  CHECK(answer.text() == "body{}");
  CHECK(answer.length == 6u);
  CHECK(answer.header("Content-Type") == "text/css");
  CHECK(answer.header("Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
  appserver_exchange part;
  part.headers = {{"Range", "bytes=1-2"}, {"If-Range", answer.header("ETag")}};
  host.call(part);
  CHECK(part.status == 206);
  CHECK(part.text() == "od");
}

TEST_CASE("what is no file is not found, and what can't be opened is a failure") {
  const TemporaryFolder folder;
  folder.write("a", "");
  std::filesystem::create_symlink("loop", folder / "loop");
  FakeHost host;
  std::string path;
  host.start([&](App& app) { app.get("/", [&](Request& request) { return send_file(request, path); }); });
  for (const char* missing : {"b", "a/b", "."}) {
    path = folder / missing;
    CHECK(host.get("/").status == 404);
  }
  path = folder / "loop";
  CHECK(host.get("/").result < 0);
}

TEST_CASE("an entity tag is of one state of one file") {
  on_host([] {
    const TemporaryFolder folder;
    const std::string path = folder.write("a", "one");
    const auto tag = [&] { return OpenFile::open(path).validators().etag; };
    modify_at(path, 784'111'777, 5);
    const std::string first = tag();
    CHECK(first.front() == '"');
    CHECK(tag() == first);
    modify_at(path, 784'111'777, 6);
    CHECK(tag() != first);
    // Another file of the same size and time, as from `cp -p`.
    const std::string other = folder.write("b", "two");
    modify_at(other, 784'111'777, 5);
    std::filesystem::rename(other, path);
    CHECK(tag() != first);
  });
}

TEST_CASE("the entity tag of a file that could still change unseen is weak") {
  on_host([] {
    const TemporaryFolder folder;
    const std::string path = folder.write("a", "one");
    const std::time_t now = std::time(nullptr);
    modify_at(path, now, 0);
    CHECK(OpenFile::open(path).validators().etag.front() == 'W');
    modify_at(path, now - 3, 0);
    CHECK(OpenFile::open(path).validators().etag.front() == '"');
    modify_at(path, now + 1000, 5);
    CHECK(OpenFile::open(path).validators().etag.front() == '"');
    CHECK(*OpenFile::open(path).validators().modified <= std::time(nullptr));
  });
}

TEST_CASE("a type goes by the suffix, in any case of letters") {
  CHECK(content_type_of("index.html") == "text/html");
  CHECK(content_type_of("/a.b/LOGO.PNG") == "image/png");
  CHECK(content_type_of("a.tar.gz") == "application/gzip");
  for (const char* none : {"README", "a.html/README", ".html", "a.", "a.unheard-of", ""}) {
    CAPTURE(none);
    CHECK(content_type_of(none) == "application/octet-stream");
  }
}
