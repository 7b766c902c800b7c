#include "config/load.hpp"

#include "catch.hpp"
#include "temporary_folder.hpp"

using namespace config;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

// A server about to start, in a working folder with two plugins.
class Start {
 public:
  Start() {
    for (const char* name : {"slow.so", "hello.so"}) folder.write(name, "");
    std::filesystem::current_path(folder / "");
    sources.executable = "/usr/bin/appserver";
  }
  ~Start() { std::filesystem::current_path(before_); }

  Start& with(const std::vector<std::string>& arguments) {
    sources.arguments = arguments;
    return *this;
  }
  Start& with_file(const std::string& text, const std::string& name = "appserver.conf") {
    folder.write(name, text);
    return *this;
  }
  Start& with_variable(const std::string& name, const std::string& value) {
    sources.environment[name] = value;
    return *this;
  }
  Settings settings() const { return load(sources).settings; }

  TemporaryFolder folder;
  Sources sources;

 private:
  const std::filesystem::path before_ = std::filesystem::current_path();
};

std::vector<std::string> plugins_of(const Settings& settings) {
  std::vector<std::string> given;
  for (const PluginFile& plugin : settings.plugins) given.push_back(plugin.given);
  return given;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("one plugin is all that a server needs") {
  Start start;
  const Invocation invocation = load(start.with({"--plugin", "slow.so"}).sources);
  CHECK(invocation.action == Action::serve);
  REQUIRE(invocation.settings.plugins.size() == 1);
  CHECK(invocation.settings.plugins[0].file == start.folder / "slow.so");
  CHECK(invocation.settings.binds == std::vector{net::Endpoint::parse("127.0.0.1:8000")});
  CHECK(invocation.settings.workers == 1);
}

TEST_CASE("a stronger source wins: file, environment, command line") {
  Start start;
  start.with_file("plugin = slow\nworkers = 2\ntimeout = 2s\nbacklog = 2\nlog-level = error");
  start.with_variable("APPSERVER_CMD_ARGS", "--timeout 3s --backlog '3'");
  const Settings settings = start.with({"--backlog", "4"}).settings();
  CHECK(settings.log_level == base::LogLevel::error);
  CHECK(settings.workers == 2);
  CHECK(settings.timeout == 3s);
  CHECK(settings.backlog == 4);
}

TEST_CASE("every option reaches its setting") {
  Start start;
  const Settings settings = start
                                .with({"--plugin",
                                       "/x=slow",
                                       "--plugin",
                                       "hello",
                                       "-b",
                                       "unix:a",
                                       "-b",
                                       "[::1]:1",
                                       "-w",
                                       "7",
                                       "--backlog",
                                       "8",
                                       "--worker-connections",
                                       "9",
                                       "-t",
                                       "0",
                                       "--max-blocking-time",
                                       "250ms",
                                       "--graceful-timeout",
                                       "11",
                                       "--boot-timeout",
                                       "12s",
                                       "--keep-alive",
                                       "0",
                                       "--header-timeout",
                                       "14m",
                                       "--body-timeout",
                                       "15ms",
                                       "--limit-request-line",
                                       "1600",
                                       "--limit-request-fields",
                                       "17",
                                       "--limit-request-field_size",
                                       "18K",
                                       "--limit-request-body",
                                       "19G",
                                       "--forwarded-allow-ips",
                                       "10.0.0.0/8",
                                       "--forwarded-header",
                                       "x-forwarded",
                                       "--proxy-protocol",
                                       "v2",
                                       "--access-logfile",
                                       "access.log",
                                       "--access-logformat",
                                       "%(h)s",
                                       "--log-level",
                                       "critical"})
                                .settings();
  REQUIRE(settings.plugins.size() == 2);
  CHECK(settings.plugins[0].prefix == "/x");
  CHECK(settings.plugins[1].file == start.folder / "hello.so");
  CHECK(settings.binds == std::vector{net::Endpoint::parse("unix:a"), net::Endpoint::parse("[::1]:1")});
  CHECK(settings.workers == 7);
  CHECK(settings.backlog == 8);
  CHECK(settings.worker_connections == 9);
  CHECK(settings.timeout == 0s);
  CHECK(settings.max_blocking_time == 250ms);
  CHECK(settings.graceful_timeout == 11s);
  CHECK(settings.boot_timeout == 12s);
  CHECK(settings.keep_alive == 0s);
  CHECK(settings.header_timeout == 14min);
  CHECK(settings.body_timeout == 15ms);
  CHECK(settings.limit_request_line == 1600);
  CHECK(settings.limit_request_fields == 17);
  CHECK(settings.limit_request_field_size == 18'432);
  CHECK(settings.limit_request_body == 20'401'094'656);
  CHECK(settings.forwarded_allow_ips == net::TrustedProxies::parse("10.0.0.0/8"));
  CHECK(settings.forwarded_header == net::ForwardedHeader::x_forwarded);
  CHECK(settings.proxy_protocol == net::ProxyProtocol::v2);
  CHECK(settings.access_logfile == "access.log");
  CHECK(settings.access_logformat == observe::AccessLogFormat::parse("%(h)s"));
  CHECK(settings.log_level == base::LogLevel::critical);
}

TEST_CASE("FORWARDED_ALLOW_IPS makes the default for the proxies that are trusted") {
  Start start;
  start.with({"--plugin", "slow"}).with_variable("FORWARDED_ALLOW_IPS", "*");
  CHECK(start.settings().forwarded_allow_ips == net::TrustedProxies::parse("*"));
  start.with_variable("FORWARDED_ALLOW_IPS", "nobody");
  CHECK_THROWS_WITH(start.settings(), ContainsSubstring("FORWARDED_ALLOW_IPS") &&
                                          ContainsSubstring("'nobody' is not an IP address"));
}

TEST_CASE("an access log's format that is wrong is refused by its option, with the place") {
  Start start;
  CHECK_THROWS_WITH(start.with({"--plugin", "slow", "--access-logformat", "%(h)s %(z)s"}).settings(),
                    ContainsSubstring("--access-logformat") && ContainsSubstring("at character 7"));
}

TEST_CASE("plugins and addresses of a stronger source replace those of a weaker") {
  Start start;
  start.with_file("plugin = gone.so\nplugin = slow\nbind = :1\nbind = :2");
  const Settings settings = start.with({"--plugin", "hello", "-b", ":3"}).settings();
  CHECK(plugins_of(settings) == Names{"hello"});
  CHECK(settings.binds == std::vector{net::Endpoint::parse(":3")});
}

TEST_CASE("of an option given twice on the command line the last counts") {
  Start start;
  CHECK(start.with({"-w", "2", "--plugin", "slow", "-w", "3"}).settings().workers == 3);
}

TEST_CASE("a platform sets the default port and the default number of workers") {
  Start start;
  start.with_variable("PORT", "5000").with_variable("WEB_CONCURRENCY", "3");
  CHECK(start.with({"--plugin", "slow"}).settings().binds ==
        std::vector{net::Endpoint::parse("0.0.0.0:5000")});
  CHECK(start.settings().workers == 3);
  start.with_file("workers = 2\nbind = :1");
  CHECK(start.settings().workers == 2);
  CHECK(start.settings().binds == std::vector{net::Endpoint::parse(":1")});
}

TEST_CASE("an empty variable is one that is not set") {
  Start start;
  start.with_variable("PORT", "")
      .with_variable("WEB_CONCURRENCY", "")
      .with_variable("APPSERVER_CMD_ARGS", "");
  CHECK(start.with({"--plugin", "slow"}).settings().workers == 1);
}

TEST_CASE("a wrong variable is an error by its name") {
  Start start;
  start.with({"--plugin", "slow"});
  const auto [name, value, text] = GENERATE(table<std::string, std::string, std::string>({
      {"PORT", "http", "PORT 'http': want a whole number from 0 to 65535"},
      {"WEB_CONCURRENCY", "0", "WEB_CONCURRENCY '0': want a whole number from 1 to 256, or auto"},
      {"APPSERVER_CMD_ARGS", "-w many",
       "APPSERVER_CMD_ARGS: --workers 'many': want a whole number from 1 to 256, or auto"},
      {"APPSERVER_CMD_ARGS", "'", "APPSERVER_CMD_ARGS: a ' is not closed"},
      {"APPSERVER_CMD_ARGS", "slow.so",
       "APPSERVER_CMD_ARGS: 'slow.so' is not an option: give plugins as --plugin slow.so"},
  }));
  start.with_variable(name, value);
  CHECK_THROWS_WITH(load(start.sources), text);
}

TEST_CASE("the file is the one that is named, or appserver.conf if it is there") {
  Start start;
  start.with_file("workers = 2").with_file("workers = 3", "other.conf");
  CHECK(start.with({"--plugin", "slow"}).settings().workers == 2);
  CHECK(start.with({"--plugin", "slow", "-c", "other.conf"}).settings().workers == 3);
  start.with_variable("APPSERVER_CMD_ARGS", "-c none.conf");
  CHECK(start.settings().workers == 3);
  start.with({"--plugin", "slow"});
  CHECK_THROWS_WITH(load(start.sources),
                    "cannot read the configuration file none.conf: No such file or directory");
}

TEST_CASE("the file is read again by each load") {
  Start start;
  start.with_file("plugin = slow\nworkers = 2");
  CHECK(start.settings().workers == 2);
  CHECK(start.with_file("plugin = slow\nworkers = 3").settings().workers == 3);
}

TEST_CASE("the sections of the file are the plugins' settings") {
  Start start;
  const Settings settings = start.with_file("plugin = slow\n[slow]\nlongest = 5\n").settings();
  CHECK(settings.plugin_settings.at("slow").at("longest") == "5");
}

TEST_CASE("a wrong value is an error even where a stronger source overrides it") {
  Start start;
  start.with_file("workers = 0").with({"--plugin", "slow", "-w", "2"});
  CHECK_THROWS_WITH(load(start.sources),
                    "appserver.conf:1: workers '0': want a whole number from 1 to 256, or auto");
}

TEST_CASE("a configuration that can't be served ends with 1 and says what to do") {
  Start start;
  const auto [arguments, text] = GENERATE(table<Names, std::string>({
      {Names{}, "give one with --plugin, as in appserver --plugin slow.so"},
      {{"--plugin", "slow", "--plugin", "./slow.so"}, "slow.so is given twice"},
      {{"--plugin", "/a=slow", "--plugin", "/a/=slow"}, "slow.so is given twice"},
      {{"--plugin", "slow", "-b", ":80", "-b", "0.0.0.0:80"}, "'0.0.0.0:80' is given twice"},
      {{"--plugin", "slow", "-b", "80"}, "--bind '80': want HOST:PORT"},
      {{"--plugin", "slow", "--header-timeout", "0"}, "--header-timeout '0': want a time from 1ms to 24h"},
      {{"--plugin", "slow", "--limit-request-line", "1M"}, "'1M': want a size from 64 to 64K"},
      {{"--plugin", "x=slow"}, "--plugin 'x=slow': want a prefix that begins with '/'"},
  }));
  try {
    load(start.with(arguments).sources);
    FAIL("loaded");
  } catch (const Error& error) {
    CHECK(error.code == base::ExitCode::bad_config);
    CHECK_THAT(error.what(), ContainsSubstring(text));
  }
}

TEST_CASE("one plugin may be mounted twice under two prefixes") {
  Start start;
  CHECK(start.with({"--plugin", "slow", "--plugin", "/b=slow"}).settings().plugins.size() == 2);
}

TEST_CASE("a plugin that is not there ends with 4 and says where it was looked for") {
  Start start;
  start.with_variable("APPSERVER_PLUGIN_PATH", "/none/here");
  try {
    load(start.with({"--plugin", "none"}).sources);
    FAIL("loaded");
  } catch (const Error& error) {
    CHECK(error.code == base::ExitCode::plugin_load);
    CHECK_THAT(error.what(), ContainsSubstring("/none/here, " + std::filesystem::current_path().string()));
  }
}

TEST_CASE("help and version ask for nothing else") {
  Start start;
  start.with_file("nonsense");
  const Invocation help = load(start.with({"-v", "--help"}).sources);
  CHECK(help.action == Action::help);
  CHECK_THAT(help.text, ContainsSubstring("--plugin"));
  const Invocation version = load(start.with({"--version"}).sources);
  CHECK(version.action == Action::version);
  CHECK_THAT(version.text, Catch::Matchers::StartsWith("appserver "));
}

TEST_CASE("the configuration is checked with all its plugins in place") {
  Start start;
  const Invocation invocation = load(start.with({"--check-config", "--plugin", "slow"}).sources);
  CHECK(invocation.action == Action::check_config);
  CHECK(invocation.settings.plugins.size() == 1);
  start.with({"--check-config"});
  CHECK_THROWS_AS(load(start.sources), Error);
}

TEST_CASE("the printed configuration names each source, and is a file that means the same") {
  Start start;
  start.with_file("timeout = 5s\n[slow]\nlongest = 5\n").with_variable("WEB_CONCURRENCY", "2");
  start.with_variable("APPSERVER_CMD_ARGS", "--backlog 7");
  const Invocation printed =
      load(start.with({"--print-config", "--plugin", "slow", "--plugin", "/b=hello"}).sources);
  CHECK(printed.action == Action::print_config);
  CHECK_THAT(printed.text, ContainsSubstring("\nkeep-alive = 75s ") && ContainsSubstring("# default\n"));
  CHECK_THAT(printed.text, ContainsSubstring("# file appserver.conf:1\n"));
  CHECK_THAT(printed.text, ContainsSubstring("# environment WEB_CONCURRENCY\n"));
  CHECK_THAT(printed.text, ContainsSubstring("# environment APPSERVER_CMD_ARGS\n"));
  CHECK_THAT(printed.text, ContainsSubstring("# command line\n"));

  start.sources.environment.clear();
  const Settings again = start.with_file(printed.text).with({}).settings();
  CHECK(plugins_of(again) == Names{"slow", "/b=hello"});
  CHECK(again.timeout == 5s);
  CHECK(again.workers == 2);
  CHECK(again.backlog == 7);
  CHECK(again.plugin_settings == printed.settings.plugin_settings);
}
