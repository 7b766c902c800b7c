// What an operator gets to read, and the exit codes that go with it.
#include <algorithm>
#include <filesystem>

#include "catch.hpp"
#include "server.hpp"

namespace {

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("the version and the help are printed on demand") {
  Server version, help;
  CHECK(version.run({"--version"}) == 0);
  CHECK(version.output().starts_with("appserver "));
  CHECK(help.run({"--help"}) == 0);
  CHECK(help.has_logged("--worker-connections"));
}

TEST_CASE("the calls that are hooked are listed by family") {
  Server server;
  CHECK(server.run({"--list-hooks"}) == 0);
  CHECK(server.output().starts_with("sleep: clock_nanosleep nanosleep "));
  CHECK(server.has_logged("\nsockets: "));
}

TEST_CASE("an unknown option is refused in one line that names the nearest one") {
  Server server;
  CHECK(server.run({"--wrokers", "4"}) == 1);
  CHECK(server.has_logged("--wrokers"));
  CHECK(server.has_logged("--workers"));
  CHECK(lines(server.output()) == 1);
}

TEST_CASE("a bad value is refused in one line with the option and what it may be") {
  Server server;
  CHECK(server.run({"--plugin", "hello.so", "--workers", "lots"}) == 1);
  CHECK(server.has_logged("--workers"));
  CHECK(server.has_logged("lots"));
  CHECK(lines(server.output()) == 1);
}

TEST_CASE("a plugin that is not there is refused in one line with where it was looked for") {
  Server server;
  CHECK(server.run({"--plugin", "nowhere.so"}) == 4);
  CHECK(server.has_logged("nowhere.so"));
  CHECK(server.has_logged(server.folder().string()));
  CHECK(lines(server.output()) == 1);
}

TEST_CASE("a file that is no plugin ends the server with code 4, whatever it is") {
  struct Case {
    const char* built;  // or "" for a text file
    const char* reason;
  };
  for (const Case& each :
       {Case{"", "app.so"}, Case{"not_a_plugin.so", "appserver_plugin"}, Case{"other_major.so", "ABI 2.0"},
        Case{"newer_minor.so", "has the older"}, Case{"throws_in_start.so", "the database is not there"}}) {
    CAPTURE(each.built);
    Server server;
    if (*each.built == '\0')
      server.write_file("app.so", "no library at all\n");
    else
      server.put_plugin("app.so", each.built);
    CHECK(server.run({"--plugin", "app.so", "--bind", "127.0.0.1:0", "--workers", "2"}) == 4);
    CAPTURE(server.output());
    CHECK(server.has_logged(each.reason));
    CHECK(server.has_logged("app.so"));
  }
}

TEST_CASE("a plugin of which the end is missing is told from one that crashes") {
  Server server;
  server.put_plugin("app.so", "probe.so");
  std::filesystem::resize_file(server.folder() / "app.so", 4096);
  CHECK(server.run({"--plugin", "app.so", "--bind", "127.0.0.1:0"}) == 4);
  CHECK(server.has_logged("the end of the file is missing"));
}

TEST_CASE("a plugin that crashes or hangs in its start ends the server with code 3") {
  Server crashes, hangs;
  crashes.put_plugin("app.so", "crashes_in_start.so");
  CHECK(crashes.run({"--plugin", "app.so", "--bind", "127.0.0.1:0"}) == 3);
  CHECK(crashes.has_logged("SIGABRT"));
  CHECK(crashes.has_logged("plugin app"));

  hangs.put_plugin("app.so", "hangs_in_start.so");
  CHECK(hangs.run({"--plugin", "app.so", "--bind", "127.0.0.1:0", "--boot-timeout", "300ms"}) == 3);
  CHECK(hangs.has_logged("300ms"));
}

TEST_CASE("a check of the configuration loads every plugin and tells by its code") {
  Server good, missing, broken, wrong;
  good.put_plugin("hello.so", "hello.so");
  CHECK(good.run({"--plugin", "hello.so", "--check-config"}) == 0);

  CHECK(missing.run({"--plugin", "nowhere.so", "--check-config"}) != 0);

  broken.put_plugin("app.so", "throws_in_start.so");
  CHECK(broken.run({"--plugin", "app.so", "--check-config"}) == 1);
  CHECK(broken.has_logged("the database is not there"));

  CHECK(wrong.run({"--timeout", "never", "--check-config"}) == 1);
}

TEST_CASE("options come from the file, the environment and the command line, the last the strongest") {
  Server server;
  server.put_plugin("hello.so", "hello.so");
  server.write_file("appserver.conf", "plugin = hello.so\nworkers = 2\nbacklog = 11\ntimeout = 7s\n");
  CHECK(server.run({"--print-config", "--workers", "4"}, {"APPSERVER_CMD_ARGS=--workers 3 --backlog 12"}) ==
        0);
  CAPTURE(server.output());
  CHECK(server.wait_for("workers").find("4") != std::string::npos);
  CHECK(server.output().find("12") != std::string::npos);
  CHECK(server.output().find("7s") != std::string::npos);
}

TEST_CASE("a plugin may be named without its suffix and is found in the working folder first") {
  Server server;
  server.put_plugin("hello.so", "version_1.so");
  server.start({"--plugin", "hello"});
  CHECK(server.get("/version") == "1");
}
