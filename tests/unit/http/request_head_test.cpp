#include "http/request_head.hpp"

#include "catch.hpp"

TEST_CASE("a cleared head says nothing of the request before it") {
  http::RequestHead head;
  head.method = "POST";
  head.chunked = true;
  head.content_length = 3;
  head.fields.push_back({"A", "b"});
  head.clear();
  CHECK(head.method.empty());
  CHECK(head.find("A") == nullptr);
  CHECK_FALSE(head.chunked);
  CHECK_FALSE(head.content_length);
}
