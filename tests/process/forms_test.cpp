// Forms and uploads, as clients send them.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

// Serves the upload plugin with an empty folder for what comes.
void serve_uploads(Server& server) {
  std::filesystem::create_directory(server.folder() / "uploads");
  server.put_plugin("upload.so", "upload.so");
  server.write_file("appserver.conf", "plugin = upload.so\nlog-level = debug\n[upload]\nfolder = uploads\n");
  server.start({});
}

// What curl prints, with these arguments in front of the URL of /upload.
std::string curl(const Server& server, const std::string& arguments) {
  ChildProcess process({"/bin/sh", "-c", "curl -sS " + arguments + " " + url_of(server) + "/upload"},
                       server.folder());
  CHECK(process.wait_for_exit() == 0);
  process.wait_for_end_of_output();
  return process.output();
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The names of the files that were stored, and of any that were begun.
std::vector<std::string> stored(const Server& server) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(server.folder() / "uploads")) {
    names.push_back(entry.path().filename());
  }
  return names;
}

std::string upload_head(std::size_t length) {
  return "POST /upload HTTP/1.1\r\nHost: test\r\nContent-Type: multipart/form-data; boundary=B\r\n"
         "Content-Length: " +
         std::to_string(length) + "\r\n\r\n";
}

const std::string kFileHead =
    "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../etc/passwd\"\r\n\r\n";

}  // namespace

TEST_CASE("curl's fields and files arrive as they are") {
  Server server;
  serve_uploads(server);
  std::string body(3'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 2654435761u >> 13);
  server.write_file("body", body + "\r\n--");
  const std::string said = curl(server, "-F 'note=two words & more' -F 'f=@body;filename=say \"hi\".bin'");
  CHECK(said.starts_with(
      "note: two words & more\n"
      "f: 'say \"hi\".bin' of type application/octet-stream, 3000004 bytes, stored as upload-"));
  REQUIRE(stored(server).size() == 1);
  const std::string name = stored(server).front();
  CHECK(said.ends_with(name + "\n"));
  CHECK(bytes_of(server.folder() / "uploads" / name) == body + "\r\n--");
}

TEST_CASE("curl's urlencoded fields arrive as they are") {
  Server server;
  serve_uploads(server);
  CHECK(curl(server, "--data-urlencode 'note=50% & more=é+1' -d plain=a+b%21 -d alone") ==
        "note: 50% & more=é+1\nplain: a b!\nalone: \n");
  CHECK(stored(server).empty());
}

TEST_CASE("a file's name is not a path") {
  Server server;
  serve_uploads(server);
  HttpClient client = server.connect();
  const std::string form = kFileHead + "bytes\r\n--B--\r\n";
  client.send(upload_head(form.size()) + form);
  const Answer answer = client.receive();
  CHECK(answer.status == 200);
  CHECK(answer.body.starts_with("f: '../../etc/passwd' of type text/plain, 5 bytes, stored as upload-"));
  CHECK(stored(server).size() == 1);
}

TEST_CASE("an upload that is not whole is refused and leaves nothing behind") {
  Server server;
  serve_uploads(server);
  HttpClient client = server.connect();
  const std::string form = kFileHead + "bytes\r\n--B";
  client.send(upload_head(form.size()) + form);
  const Answer answer = client.receive();
  CHECK(answer.status == 400);
  CHECK(answer.body == "the multipart form has a boundary that is followed by more than CRLF");
  CHECK(stored(server).empty());
  CHECK(client.request("POST", "/upload", "a=1", "Content-Type: text/plain\r\n").status == 415);
}

TEST_CASE("an upload whose client goes away leaves nothing behind") {
  Server server;
  serve_uploads(server);
  {
    HttpClient client = server.connect();
    client.send(upload_head(1'000'000) + kFileHead + std::string(100'000, 'x'));
  }
  server.wait_for("ended without its client: the client is gone");
  CHECK(stored(server).empty());
  CHECK(server.get("/upload").find("multipart/form-data") != std::string::npos);
}
