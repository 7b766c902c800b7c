#include "http/coding.hpp"

#include <vector>

#include "catch.hpp"

namespace {

using enum http::Coding;

// What a client that sends these Accept-Encoding fields gets: "gzip", "br" or "none".
std::string_view chosen(const std::vector<const char*>& accepted,
                        const std::vector<http::Coding>& offered = {gzip, brotli}) {
  http::RequestHead request;
  request.fields.push_back({"Host", "test"});
  for (const char* value : accepted) request.fields.push_back({"accept-ENCODING", value});
  const auto coding = http::choose_coding(request, offered);
  return coding ? name_of(*coding) : "none";
}

}  // namespace

TEST_CASE("a client gets the coding that it gives the most weight") {
  CHECK(chosen({"gzip"}) == "gzip");
  CHECK(chosen({"br"}) == "br");
  CHECK(chosen({"gzip, deflate, br, zstd"}) == "gzip");  // by our preference
  CHECK(chosen({"gzip, deflate, br, zstd"}, {brotli, gzip}) == "br");
  CHECK(chosen({"gzip;q=0.5, br;q=0.8"}) == "br");
  CHECK(chosen({"gzip;q=0.8, br;q=0.799"}) == "gzip");
  CHECK(chosen({"deflate", "", "GZIP"}) == "gzip");
  CHECK(chosen({"x-gzip"}) == "gzip");
  CHECK(chosen({"gzip \t; \tQ=0.001"}) == "gzip");
  CHECK(chosen({"gzip;q=1."}) == "gzip");
}

TEST_CASE("a client that does not ask for a coding gets none") {
  CHECK(chosen({}) == "none");
  CHECK(chosen({""}) == "none");
  CHECK(chosen({"identity"}) == "none");
  CHECK(chosen({"deflate, zstd"}) == "none");
  CHECK(chosen({"br"}, {gzip}) == "none");
  CHECK(chosen({"gzip;q=0"}) == "none");
  CHECK(chosen({"gzip;q=0.000, br;q=0"}) == "none");
  CHECK(chosen({"identity, gzip;q=0.5"}) == "none");
  CHECK(chosen({"gzip;q=0.2, identity;q=0.3"}) == "none");
}

TEST_CASE("* stands for every coding that is not named") {
  CHECK(chosen({"*"}) == "gzip");
  CHECK(chosen({"*;q=0"}) == "none");
  CHECK(chosen({"gzip;q=0, *"}) == "br");
  CHECK(chosen({"br;q=0.5, *;q=0.7"}) == "gzip");
  CHECK(chosen({"br, *;q=0"}) == "br");
}

TEST_CASE("a client that refuses the plain body gets a coding it takes, or the plain body") {
  CHECK(chosen({"identity;q=0, gzip;q=0.1"}) == "gzip");
  CHECK(chosen({"identity;q=0.5, gzip;q=0.5"}) == "gzip");
  CHECK(chosen({"identity;q=0"}) == "none");
}

TEST_CASE("a weight that is none says nothing of its coding") {
  for (const char* element : {"gzip;q=1.001", "gzip;q=2", "gzip;q=-1", "gzip;q=", "gzip;q=0.1234", "gzip;q=a",
                              "gzip;q=.5", "gzip;w=1", "gzip q=1", "gzipx", ";q=1"}) {
    CAPTURE(element);
    CHECK(chosen({element}) == "none");
  }
  CHECK(chosen({"gzip;q=x, br;q=0.1"}) == "br");
}
