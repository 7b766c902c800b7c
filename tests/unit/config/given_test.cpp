#include "config/given.hpp"

#include "catch.hpp"
#include "config/error.hpp"

using namespace config;

namespace {

Given give(const std::string& name, const std::string& value, const std::string& source = "") {
  return {find_option(name), value, "--" + name, source};
}

std::vector<std::string> values_of(const Layer& layer, const std::string& name) {
  std::vector<std::string> values;
  for (const Given& given : layer) {
    if (given.option->name == name) values.push_back(given.value);
  }
  return values;
}

using Values = std::vector<std::string>;

}  // namespace

TEST_CASE("the strongest layer that names an option decides it") {
  const Layer result = strongest({{give("workers", "1", "default"), give("timeout", "30s", "default")},
                                  {give("workers", "2", "file")},
                                  {give("timeout", "5s", "command line")}});
  REQUIRE(result.size() == 2);
  CHECK(values_of(result, "workers") == Values{"2"});
  CHECK(values_of(result, "timeout") == Values{"5s"});
  CHECK(result[0].source == "file");
}

TEST_CASE("of an option given twice the last counts") {
  CHECK(values_of(strongest({{give("workers", "2"), give("workers", "3")}}), "workers") == Values{"3"});
}

TEST_CASE("a list has all values of its strongest layer and none of a weaker") {
  const Layer result =
      strongest({{give("plugin", "a.so")}, {give("plugin", "b.so"), give("plugin", "c.so")}});
  CHECK(values_of(result, "plugin") == Values{"b.so", "c.so"});
}

TEST_CASE("a wrong value is an error that names option, value and range") {
  Settings settings;
  apply(give("workers", "3"), settings);
  CHECK(settings.workers == 3);
  CHECK_THROWS_AS(apply(give("workers", "many"), settings), Error);
  CHECK_THROWS_WITH(apply(give("workers", "many"), settings),
                    "--workers 'many': want a whole number from 1 to 256, or auto");
}
