#include "accept_encoding.hpp"

#include <appserver/request.hpp>

#include "catch.hpp"
#include "fake_host.hpp"

namespace {

int wish(const std::string& coding, const std::vector<std::string>& fields) {
  FakeHost host;
  host.start([](appserver::App&) {});
  appserver_exchange exchange;
  for (const auto& field : fields) exchange.headers.emplace_back("accept-encoding", field);
  return wish_for(appserver::Request(&exchange), coding);
}

}  // namespace

TEST_CASE("a coding is wanted as much as its weight says") {
  CHECK(wish("gzip", {"gzip"}) == 1000);
  CHECK(wish("gzip", {"br, GZIP ; q=0.5 , zstd"}) == 500);
  CHECK(wish("gzip", {"gzip;Q=0.125"}) == 125);
  CHECK(wish("gzip", {"gzip;q=1.000"}) == 1000);
  CHECK(wish("gzip", {"gzip;q=0"}) == 0);
  CHECK(wish("gzip", {"gzip;q=0.000"}) == 0);
  CHECK(wish("gzip", {"br", "gzip;q=0.7"}) == 700);
}

TEST_CASE("a star is every coding that is not named") {
  CHECK(wish("gzip", {"*"}) == 1000);
  CHECK(wish("gzip", {"*;q=0.3, br"}) == 300);
  CHECK(wish("gzip", {"*, gzip;q=0"}) == 0);
  CHECK(wish("gzip", {"gzip, *;q=0"}) == 1000);
}

TEST_CASE("a coding that nobody asks for is not wanted") {
  CHECK(wish("gzip", {}) == 0);
  CHECK(wish("gzip", {""}) == 0);
  CHECK(wish("gzip", {"br, gzipped, x"}) == 0);
}

TEST_CASE("an item that is not well-formed counts for nothing") {
  for (const char* field : {"gzip;q=2", "gzip;q=1.5", "gzip;q=-1", "gzip;q=0.1234", "gzip;q=.5",
                            "gzip;q=", "gzip;x=1", "gzip;q=0,5", "gzip;q=1x"}) {
    CAPTURE(field);
    CHECK(wish("gzip", {field}) == 0);
  }
}
