// The files of a folder, as its clients see them.
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace fs = std::filesystem;

namespace {

// A server of the folder `www` in its own, where files were modified long ago.
class Site {
 public:
  void write(const std::string& name, std::string_view text) {
    const fs::path file = path(name);
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(++written_));
  }
  fs::path path(const std::string& name) const { return server.folder() / "www" / name; }

  void start(const std::string& settings = {}) { serve(server, "static", "root = www\n" + settings); }

  Answer get(const std::string& target, const std::string& headers = {}) const {
    return server.connect().request("GET", target, "", headers);
  }
  int status(const std::string& target) const { return get(target).status; }

  Server server;

 private:
  int written_ = 0;  // so many files; each is older than the one before
};

// Text in which every place can be told from the others.
std::string counted(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i) + ' ';
  text.resize(size);
  return text;
}

// A client whose answer has begun to come, and is not read yet.
HttpClient asked_for(const Site& site, const std::string& target) {
  HttpClient client = site.server.connect();
  client.send(get_request(target));
  for (const Deadline deadline; !client.has_bytes(); std::this_thread::yield())
    REQUIRE(deadline.milliseconds_left() > 0);
  return client;
}

}  // namespace

TEST_CASE("a file is served with its type, and HEAD is GET without the body") {
  Site site;
  site.write("a.css", "body{}");
  site.write("logo.PNG", "\x89PNG");
  site.write("none", "");
  site.start("types = none=text/x-none\ncache_control = max-age=60\n");
  const Answer answer = site.get("/a.css");
  CHECK(answer.status == 200);
  CHECK(answer.body == "body{}");
  CHECK(answer.header("content-type") == "text/css; charset=utf-8");
  CHECK(answer.header("content-length") == "6");
  CHECK(answer.header("accept-ranges") == "bytes");
  CHECK(answer.header("cache-control") == "max-age=60");
  CHECK(site.get("/logo.PNG").header("content-type") == "image/png");
  CHECK(site.get("/none").header("content-type") == "application/octet-stream");
  CHECK(site.get("/none").header("content-length") == "0");

  HttpClient client = site.server.connect();
  client.send("HEAD /a.css HTTP/1.1\r\nHost: test\r\n\r\n");
  Answer head = client.receive("HEAD");
  head.headers["date"] = answer.header("date");
  CHECK(head.headers == answer.headers);
  CHECK(client.get("/a.css").body == "body{}");
}

TEST_CASE("a folder answers with its index, by the path with a slash") {
  Site site;
  site.write("index.html", "home");
  site.write("sub/index.html", "sub");
  site.write("bare/a.txt", "a");
  site.start();
  CHECK(site.get("/").body == "home");
  CHECK(site.get("/").header("content-type") == "text/html; charset=utf-8");
  CHECK(site.get("/sub/").body == "sub");
  const Answer moved = site.get("/sub?a=//b");
  CHECK(moved.status == 301);
  CHECK(moved.header("location") == "./sub/?a=//b");
  CHECK(site.status("/bare/") == 404);
  CHECK(site.status("/sub/index.html/") == 404);
  CHECK(site.status("//") == 404);
  CHECK(site.status("//sub") == 404);
}

TEST_CASE("a folder is listed where that is wanted") {
  Site site;
  site.write("sub/<b>.txt", "a");
  site.write("sub/.hidden", "a");
  site.start("listing = yes\nindex =\n");
  const Answer page = site.get("/sub/");
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(page.body.find("<a href=\"%3Cb%3E.txt\">&lt;b&gt;.txt</a>") != std::string::npos);
  CHECK(page.body.find("hidden") == std::string::npos);
  CHECK(site.get("/").body.find("<a href=\"sub/\">") != std::string::npos);
}

TEST_CASE("nothing outside of the root is served, nor what is hidden, nor what is no file") {
  Site site;
  site.write("a.txt", "a");
  site.write(".env", "secret");
  site.write(".git/config", "secret");
  site.write(".well-known/x", "known");
  site.server.write_file("secret", "secret");
  fs::create_symlink("../secret", site.path("link"));
  fs::create_symlink(site.server.folder() / "secret", site.path("absolute"));
  fs::create_symlink("..", site.path("up"));
  fs::create_symlink("a.txt", site.path("inside"));
  ::mkfifo(site.path("fifo").c_str(), 0600);
  fs::create_symlink("/dev/zero", site.path("device"));
  site.start();
  for (const char* target :
       {"/../secret",       "/a/../../secret", "/%2e%2e/secret", "/%2E./secret",   "/..%2fsecret",
        "/%2e%2e%2fsecret", "/..%5csecret",    "/..%00/secret",  "/secret%00.txt", "/a.txt%00",
        "/up/secret",       "/link",           "/absolute",      "/.env",          "/.git/config",
        "/%2eenv",          "/fifo",           "/device",        "/%2fetc/passwd", "//etc/passwd",
        "/./a.txt",         "/nowhere"}) {
    CAPTURE(target);
    const Answer answer = site.get(target);
    CHECK((answer.status == 404 || answer.status == 400));
    CHECK(answer.body.find("secret") == std::string::npos);
  }
  CHECK(site.get("/nowhere").body == "Not Found");
  CHECK(site.get("/inside").body == "a");
  CHECK(site.get("/.well-known/x").body == "known");
  CHECK(site.server.has_logged("link is not served: it leads out of the root"));
}

TEST_CASE("who has a file already is not sent it again") {
  Site site;
  site.write("a.txt", "abc");
  site.start();
  const Answer first = site.get("/a.txt");
  const std::string etag = first.header("etag"), date = first.header("last-modified");
  CHECK(etag.front() == '"');
  const Answer known = site.get("/a.txt", "If-None-Match: \"x\", " + etag + "\r\n");
  CHECK(known.status == 304);
  CHECK(known.body.empty());
  CHECK(known.header("etag") == etag);
  CHECK(site.get("/a.txt", "If-Modified-Since: " + date + "\r\n").status == 304);
  CHECK(site.get("/a.txt", "If-Match: \"x\"\r\n").status == 412);
  site.write("a.txt", "abd");
  CHECK(site.get("/a.txt", "If-None-Match: " + etag + "\r\n").body == "abd");
}

TEST_CASE("ranges of a file are sent, and thousands of them are not") {
  Site site;
  const std::string text = counted(100'000);
  site.write("a.txt", text);
  site.start();
  const Answer part = site.get("/a.txt", "Range: bytes=50000-50009\r\n");
  CHECK(part.status == 206);
  CHECK(part.body == text.substr(50'000, 10));
  CHECK(part.header("content-range") == "bytes 50000-50009/100000");
  const Answer parts = site.get("/a.txt", "Range: bytes=0-4,-5\r\n");
  CHECK(parts.status == 206);
  CHECK(parts.body.find("\r\n\r\n" + text.substr(0, 5) + "\r\n--") != std::string::npos);
  CHECK(parts.body.find("\r\n\r\n" + text.substr(99'995) + "\r\n--") != std::string::npos);
  CHECK(site.get("/a.txt", "Range: bytes=100000-\r\n").status == 416);
  std::string many = "Range: bytes=0-0";
  while (many.size() < 8000) many += ",0-";
  CHECK(site.get("/a.txt", many + "\r\n").status == 200);
}

TEST_CASE("a compressed file stands for its original where the client takes it") {
  Site site;
  site.write("a.js.br", "by brotli");
  site.write("a.js.gz", "by gzip");
  site.write("a.js", "plain");
  site.write("b.js", "plain");
  site.write("b.js.gz", "of an older b.js");
  site.start();
  const auto get = [&](const std::string& accepted) {
    return site.get("/a.js", "Accept-Encoding: " + accepted + "\r\n");
  };
  const Answer brotli = get("gzip, deflate, br");
  CHECK(brotli.body == "by brotli");
  CHECK(brotli.header("content-encoding") == "br");
  CHECK(brotli.header("content-type") == "text/javascript; charset=utf-8");
  CHECK(brotli.header("vary") == "Accept-Encoding");
  CHECK(get("gzip, br;q=0.5").body == "by gzip");
  CHECK(get("br;q=0, *;q=0.1").body == "by gzip");
  CHECK(get("gzip;q=0.5, identity").body == "plain");
  const Answer plain = site.get("/a.js");
  CHECK(plain.body == "plain");
  CHECK(plain.header("content-encoding").empty());
  CHECK(plain.header("vary") == "Accept-Encoding");
  CHECK(plain.header("etag") != brotli.header("etag"));
  const Answer part = site.get("/a.js", "Accept-Encoding: br\r\nRange: bytes=3-\r\n");
  CHECK(part.body == "brotli");
  CHECK(part.header("content-encoding") == "br");
  CHECK(site.get("/a.js", "Accept-Encoding: br\r\nRange: bytes=99-\r\n").header("content-encoding").empty());
  CHECK(site.get("/b.js", "Accept-Encoding: gzip\r\n").body == "plain");
}

TEST_CASE("under --compress, a part and what has not changed vary as the whole does") {
  Site site;
  site.write("a.txt", counted(10'000));
  site.server.put_plugin("static.so", "static.so");
  site.server.write_file("appserver.conf", "compress = gzip\nplugin = static.so\n[static]\nroot = www\n");
  site.server.start({});
  const auto get = [&](const std::string& headers) {
    return site.get("/a.txt", "Accept-Encoding: gzip\r\n" + headers + "\r\n");
  };
  const Answer whole = site.get("/a.txt", "Accept-Encoding: gzip\r\n");
  CHECK(whole.header("content-encoding") == "gzip");
  const Answer known = get("If-None-Match: " + whole.header("etag"));
  CHECK(known.status == 304);
  for (const Answer& answer : {whole, known, get("Range: bytes=0-9"), get("Range: bytes=0-1,3-4")}) {
    CAPTURE(answer.status);
    CHECK(answer.header("vary") == "Accept-Encoding");
    CHECK(answer.header("content-encoding") == (answer.status == 200 ? "gzip" : ""));
  }
}

TEST_CASE("several ranges at once are of the file as it is, compressed beside it or not") {
  Site site;
  site.write("a.js.gz", "by gzip");
  site.write("a.js", "plain");
  site.start();
  const Answer parts = site.get("/a.js", "Accept-Encoding: gzip\r\nRange: bytes=0-1,3-4\r\n");
  CHECK(parts.status == 206);
  CHECK(parts.header("content-encoding").empty());
  CHECK(parts.header("vary") == "Accept-Encoding");
  CHECK(parts.body.find("\r\n\r\npl\r\n--") != std::string::npos);
  CHECK(parts.body.find("\r\n\r\nin\r\n--") != std::string::npos);
}

TEST_CASE("a large file arrives whole at a slow reader, while others are answered") {
  Site site;
  const std::string text = counted(30'000'000);
  site.write("large", text);
  site.write("small", "small");
  site.start();
  HttpClient slow = asked_for(site, "/large");
  CHECK(site.get("/small").body == "small");
  CHECK((slow.receive().body == text));
  CHECK(slow.get("/small").body == "small");
}

TEST_CASE("a file that is replaced while it is sent is sent as it was") {
  Site site;
  const std::string text = counted(30'000'000);
  site.write("large", text);
  site.start();
  HttpClient client = asked_for(site, "/large");
  site.write("new", "new");
  fs::rename(site.path("new"), site.path("large"));
  CHECK(site.get("/large").body == "new");
  CHECK((client.receive().body == text));
}

TEST_CASE("a file that is cut short while it is sent cuts the answer") {
  Site site;
  site.write("large", std::string(30'000'000, 'x'));
  site.start();
  HttpClient client = asked_for(site, "/large");
  fs::resize_file(site.path("large"), 100);
  CHECK_THROWS_AS(client.receive_until("never to come"), CutOff);
  site.server.wait_for("the file is shorter than what is to be sent of it");
  CHECK(site.get("/large").body.size() == 100);
}

TEST_CASE("a second folder is served by another name of the plugin, each below its prefix") {
  Server server;
  server.put_plugin("static.so", "static.so");
  server.put_plugin("photos.so", "static.so");
  server.write_file("one", "one");
  fs::create_directory(server.folder() / "p");
  server.write_file("p/two", "two");
  server.write_file("appserver.conf",
                    "plugin = /files=static.so\nplugin = /photos=photos.so\n"
                    "[static]\nroot = .\n[photos]\nroot = p\n");
  server.start({});
  CHECK(server.get("/files/one") == "one");
  CHECK(server.get("/files/p/two") == "two");
  CHECK(server.get("/photos/two") == "two");
  CHECK(server.fetch("/photos").header("location") == "./photos/");
  CHECK(server.fetch("/photos/one").status == 404);
}

TEST_CASE("a root that can't be served is named before anything is served") {
  Server server;
  server.put_plugin("static.so", "static.so");
  server.write_file("file", "");
  const std::pair<const char*, const char*> cases[] = {
      {"", "setting 'root' is missing"},
      {"root = nowhere\n", "setting 'root': 'nowhere' can't be served: No such file or directory"},
      {"root = file\n", "setting 'root': 'file' can't be served: Not a directory"},
      {"root = .\nindex = a/b\n", "setting 'index': 'a/b' is not a file's name"},
      {"root = .\ntypes = foo\n", "setting 'types': 'foo' is not a list of types such as foo=text/x-foo"},
      {"root = .\nroots = x\n", "'roots' that the plugin does not know"}};
  for (const auto& [settings, message] : cases) {
    server.write_file("appserver.conf", "plugin = static.so\n[static]\n" + std::string(settings));
    CHECK(server.run({"--check-config"}) != 0);
    CAPTURE(server.output());
    CHECK(server.has_logged(message));
  }
}
