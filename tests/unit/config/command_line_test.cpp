#include "config/command_line.hpp"

#include "catch.hpp"
#include "config/error.hpp"

using Catch::Matchers::ContainsSubstring;
using config::Error;
using config::parse_command_line;

TEST_CASE("an option is read in each of its forms") {
  const std::vector<std::string> arguments =
      GENERATE(values<std::vector<std::string>>({{"--workers", "4"}, {"--workers=4"}, {"-w", "4"}, {"-w4"}}));
  const config::Layer layer = parse_command_line(arguments);
  REQUIRE(layer.size() == 1);
  CHECK(layer[0].option->name == "workers");
  CHECK(layer[0].value == "4");
  CHECK(layer[0].named == "--workers");
  CHECK(layer[0].source == "command line");
}

TEST_CASE("options stay in their order, and flags have no value") {
  const config::Layer layer = parse_command_line({"--plugin", "a", "-hv", "--plugin", "b"});
  REQUIRE(layer.size() == 4);
  CHECK(layer[0].value == "a");
  CHECK(layer[1].option->name == "help");
  CHECK(layer[2].value == "");
  CHECK(layer[3].value == "b");
}

TEST_CASE("the accepted spelling of an option takes a value like the other") {
  const config::Layer layer = parse_command_line({"--limit-request-field-size", "1K"});
  REQUIRE(layer.size() == 1);
  CHECK(layer[0].option->name == "limit-request-field_size");
  CHECK(layer[0].value == "1K");
}

TEST_CASE("a wrong command line is refused with what to do") {
  const auto [arguments, text] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"--worker", "4"}, "unknown option --worker; did you mean --workers?"},
      {{"--work=4"}, "unknown option --work; did you mean --workers?"},
      {{"--certfile", "x"}, "unknown option --certfile; see appserver --help"},
      {{"-x"}, "unknown option -x; see appserver --help"},
      {{"--workers"}, "--workers needs a value: N|auto"},
      {{"-w"}, "--workers needs a value: N|auto"},
      {{"--workers="}, "--workers needs a value: N|auto"},
      {{"--plugin", "--workers", "4"}, "--plugin needs a value: [/PREFIX=]FILE"},
      {{"-w", "-b", ":80"}, "--workers needs a value: N|auto"},
      {{"--help=yes"}, "--help takes no value"},
      {{"slow.so"}, "'slow.so' is not an option: give plugins as --plugin slow.so"},
      {{"--", "slow.so"}, "'slow.so' is not an option: give plugins as --plugin slow.so"},
      {{"-w", "4", "5"}, "'5' is not an option; see appserver --help"},
      {{""}, "'' is not an option; see appserver --help"},
  }));
  CAPTURE(arguments);
  CHECK_THROWS_AS(parse_command_line(arguments), Error);
  CHECK_THROWS_WITH(parse_command_line(arguments), text);
}

TEST_CASE("no malformed argument escapes as anything but an error of the configuration") {
  const std::string argument =
      GENERATE("--=", "--=5", "---", "-=", "-", "--plugin=", "---workers=4", "-w=", "--help=");
  CAPTURE(argument);
  try {
    parse_command_line({argument});
  } catch (const Error&) {
  }
  SUCCEED();
}

TEST_CASE("arguments from the environment name their variable") {
  CHECK(parse_command_line({"-w", "4"}, "APPSERVER_CMD_ARGS")[0].source == "environment APPSERVER_CMD_ARGS");
  CHECK(parse_command_line({"-w", "4"}, "APPSERVER_CMD_ARGS")[0].named == "APPSERVER_CMD_ARGS: --workers");
  CHECK_THROWS_WITH(parse_command_line({"--worker"}, "APPSERVER_CMD_ARGS"),
                    ContainsSubstring("APPSERVER_CMD_ARGS: unknown option --worker"));
}
