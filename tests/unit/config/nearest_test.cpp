#include "config/nearest.hpp"

#include "catch.hpp"

using config::nearest;

namespace {
const std::vector<std::string_view> kKnown = {"plugin", "bind", "workers", "worker-connections", "log-level"};
}

TEST_CASE("a typing error finds the word that was meant") {
  CHECK(nearest("worker", kKnown) == "workers");
  CHECK(nearest("workesr", kKnown) == "workers");
  CHECK(nearest("pluging", kKnown) == "plugin");
  CHECK(nearest("bnd", kKnown) == "bind");
  CHECK(nearest("worker_connections", kKnown) == "worker-connections");
}

TEST_CASE("an abbreviation finds its word") {
  CHECK(nearest("log", kKnown) == "log-level");
  CHECK(nearest("worker-conn", kKnown) == "worker-connections");
}

TEST_CASE("a word that is near to none finds none") {
  CHECK(nearest("certfile", kKnown) == "");
  CHECK(nearest("xy", kKnown) == "");
  CHECK(nearest("", kKnown) == "");
  CHECK(nearest("bind", {}) == "");
}
