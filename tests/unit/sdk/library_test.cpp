#include "library.hpp"
#include "catch.hpp"
#include "fake_host.hpp"

TEST_CASE("two plugins of one process each talk to their own host") {
  const Library first_file(ISOLATED_17_FILE), second_file(ISOLATED_20_FILE);
  FakeHost first, second;
  first.settings = {{"name", "first"}};
  second.settings = {{"name", "second"}};
  REQUIRE(first.start(first_file.plugin()) == 0);
  REQUIRE(second.start(second_file.plugin()) == 0);
  CHECK(first.name == "first");
  CHECK(second.name == "second");

  first.get("/");
  CHECK(first.log.size() == 2);
  CHECK(second.log.empty());
  CHECK(second.get("/", {{"n", "9"}}).status == 404);
  first.stop();
  CHECK(first.log.back().second == "stopped");
  CHECK(second.log.empty());
}

TEST_CASE("a descriptor says which ABI its plugin was built for") {
  for (const char* file : {ISOLATED_17_FILE, PLAIN_C_FILE}) {
    const Library library(file);
    CHECK(library.plugin().size == sizeof(appserver_plugin_descriptor));
    CHECK(library.plugin().abi_major == APPSERVER_ABI_MAJOR);
    CHECK(library.plugin().abi_minor == APPSERVER_ABI_MINOR);
  }
}

TEST_CASE("a descriptor says what its plugin asks for") {
  const Library asks(ISOLATED_17_FILE), asks_nothing(HELLO_FILE);
  CHECK(asks.plugin().stack_size == 1 << 20);
  CHECK(asks.plugin().flags == APPSERVER_THREAD_LOCAL_PER_REQUEST);
  CHECK(asks_nothing.plugin().stack_size == 0);
  CHECK(asks_nothing.plugin().flags == 0);
}

TEST_CASE("a plugin can be written in plain C") {
  const Library library(PLAIN_C_FILE);
  FakeHost host;
  host.settings = {{"greeting", "Good day"}};
  REQUIRE(host.start(library.plugin()) == 0);
  CHECK(host.name == "greeter");
  CHECK(host.get("/greet").text() == "Good day, World!\n");
  CHECK(host.get("/greet", {{"name", "Ada"}}).text() == "Good day, Ada!\n");
  const auto too_long = host.get("/greet", {{"name", std::string(500, 'x')}});
  CHECK(too_long.result < 0);
  CHECK(too_long.failure == "the greeting is too long");
}
