#include "config/print_config.hpp"

#include "catch.hpp"

using namespace config;

TEST_CASE("each value stands with where it came from") {
  const Layer given = {{find_option("plugin"), "slow.so", "--plugin", "command line"},
                       {find_option("workers"), "4", "WEB_CONCURRENCY", "environment WEB_CONCURRENCY"},
                       {find_option("print-config"), "", "--print-config", "command line"}};
  CHECK(print_config(given, {}) ==
        "plugin = slow.so  # command line\n"
        "workers = 4       # environment WEB_CONCURRENCY\n");
}

TEST_CASE("the plugins' settings stand in their sections") {
  CHECK(print_config({}, {{"up", {{"address", "127.0.0.1:80"}}}}) == "\n[up]\naddress = 127.0.0.1:80\n");
}
