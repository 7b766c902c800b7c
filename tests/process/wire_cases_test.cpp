// The table of wire cases, sent to the real server, each with another request behind it: the answer arrives,
// the connection ends in order where it has to, and nothing that was smuggled in is answered.
#include "wire_cases.hpp"

#include "catch.hpp"
#include "requests.hpp"
#include "server.hpp"

namespace {

constexpr const char* kBehind = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";

std::string method_of(const std::string& bytes) { return bytes.substr(0, bytes.find(' ')); }

// Whoever is refused early may find the door shut before all is said.
void send_as_far_as_it_goes(HttpClient& client, const std::string& bytes) {
  try {
    client.send(bytes);
  } catch (const CutOff&) {
  }
}

}  // namespace

TEST_CASE("what a client sends on the wire is answered as the table says") {
  Server server;
  server.start_with({"wire.so"});
  for (const auto& [rule, bytes, verdict] : wire_cases()) {
    INFO(rule << "\n" << bytes.substr(0, 300));
    HttpClient client = server.connect();
    send_as_far_as_it_goes(client, bytes + kBehind);
    const Answer answer = client.receive(method_of(bytes));
    // `OPTIONS *` is answered by the server itself, and has nothing to say.
    CHECK(answer.status == (verdict.reads.starts_with("OPTIONS * ") ? 204 : verdict.status));
    CHECK_FALSE(answer.header("date").empty());
    if (verdict.status == 200 && !answer.body.empty()) CHECK(answer.body == verdict.reads);
    if (verdict.status != 200) CHECK_FALSE(answer.body.empty());
    CHECK((answer.header("connection") == "close") == verdict.closes);
    if (verdict.closes) {
      CHECK(client.is_closed_by_server());
    } else {
      CHECK(client.receive().body == "GET /behind a");
    }
  }
}
