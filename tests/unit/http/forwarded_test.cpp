// Fields in, the client out: RFC 7239, and X-Forwarded-* as proxies write it. 10.0.0.0/8 and fd00::/8 are
// trusted.
#include "http/forwarded.hpp"

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "http/forwarded_node.hpp"

using http::Forwarded;
using http::RequestHead;
using net::Peer;

namespace {

using Values = std::vector<std::string>;

const net::TrustedProxies& trusted() {
  static const auto proxies = net::TrustedProxies::parse("10.0.0.0/8,fd00::/8");
  return proxies;
}

// A head whose fields have these values, all by one name.
struct HeadOf {
  HeadOf(std::string_view name, Values list) : values(std::move(list)) {
    for (const std::string& value : values) head.fields.push_back({name, value});
  }

  const Values values;
  RequestHead head;
};

Forwarded forwarded(const Values& values) {
  return http::read_forwarded(HeadOf("Forwarded", values).head, trusted());
}

// `192.0.2.1:4711`, `192.0.2.1`, `unknown`, or `nothing` is said.
std::string text_of(const std::optional<Peer>& client) {
  if (!client) return "nothing";
  if (client->kind != Peer::Kind::ip) return "unknown";
  return client->text() + (client->port == 0 ? "" : ":" + std::to_string(client->port));
}

struct Row {
  const char* what;
  Values values;
  std::string client;
  bool faulty = false;
};

}  // namespace

TEST_CASE("Forwarded names the client as RFC 7239 says") {
  const Row row = GENERATE(
      Row{"4: an address", {"for=192.0.2.43"}, "192.0.2.43"},
      Row{"4: names in any case", {"For=192.0.2.43;Proto=http;By=203.0.113.43"}, "192.0.2.43"},
      Row{"4: a quoted string", {"for=\"192.0.2.43\""}, "192.0.2.43"},
      Row{"9110 5.6.4: a quoted pair", {"for=\"1\\92.0.2.43\""}, "192.0.2.43"},
      Row{"6: IPv6 and a port, quoted", {"for=\"[2001:db8:cafe::17]:4711\""}, "2001:db8:cafe::17:4711"},
      Row{"6: IPv4 and a port, quoted", {"for=\"192.0.2.43:47011\""}, "192.0.2.43:47011"},
      Row{"6: a hidden port", {"for=\"192.0.2.43:_http\""}, "192.0.2.43"},
      Row{"6.2: unknown", {"for=unknown"}, "unknown"}, Row{"6.2: in any case", {"for=Unknown"}, "unknown"},
      Row{"6.3: hidden", {"for=_hidden"}, "unknown"},
      Row{"6.3: hidden, with a port", {"for=\"_SEVKISEK:1\""}, "unknown"},
      Row{"nothing of the client", {"proto=https;by=203.0.113.43"}, "nothing"},
      Row{"an unknown parameter", {"for=192.0.2.43;secret=\"a, b;for=1.1.1.1\""}, "192.0.2.43"},
      Row{"7.1: the last is the nearest", {"for=8.8.8.8, for=192.0.2.43"}, "192.0.2.43"},
      Row{"7.1: past a trusted proxy", {"for=192.0.2.43, for=10.1.1.1"}, "192.0.2.43"},
      Row{"past two, over two fields",
          {"for=8.8.8.8,for=192.0.2.43", "for=10.0.0.1 , for=\"[fd00::1]\""},
          "192.0.2.43"},
      Row{"none but proxies: the farthest", {"for=10.0.0.9, for=10.0.0.1"}, "10.0.0.9"},
      Row{"a proxy that names nobody is not passed", {"for=8.8.8.8, proto=http"}, "nothing"},
      Row{"a hidden one is not passed", {"for=8.8.8.8, for=_a, for=10.0.0.1"}, "unknown"},
      Row{"9110 5.6.1: empty elements", {", for=192.0.2.43,, for=10.0.0.1 ,"}, "192.0.2.43"},
      Row{"empty pairs", {";for=192.0.2.43;;proto=http;"}, "192.0.2.43"},
      Row{"an empty field", {""}, "nothing"});
  INFO(row.what);
  const Forwarded said = forwarded(row.values);
  CHECK(text_of(said.client) == row.client);
  CHECK(said.fault.empty());
}

TEST_CASE("a Forwarded that is malformed makes its client unknown") {
  const Row row = GENERATE(
      Row{"no value", {"for"}, ""}, Row{"no value", {"for="}, ""}, Row{"no name", {"=192.0.2.43"}, ""},
      Row{"spaces around the sign", {"for = 192.0.2.43"}, ""},
      Row{"a quote without an end", {"for=\"192.0.2.43"}, ""},
      Row{"an escape without an end", {"for=\"192.0.2.43\\\""}, ""},
      Row{"twice", {"for=192.0.2.43;For=8.8.8.8"}, ""},
      Row{"something behind a quote", {"for=\"192.0.2.43\"x"}, ""},
      Row{"IPv6 without quotes", {"for=[2001:db8::1]"}, ""},
      Row{"IPv6 without brackets", {"for=\"2001:db8::1\""}, ""},
      Row{"IPv4 in brackets", {"for=\"[192.0.2.43]\""}, ""}, Row{"no address", {"for=example.org"}, ""},
      Row{"empty", {"for=\"\""}, ""}, Row{"a port too large", {"for=\"192.0.2.43:65536\""}, ""},
      Row{"a port of six digits", {"for=\"192.0.2.43:000080\""}, ""},
      Row{"no port", {"for=\"192.0.2.43:\""}, ""}, Row{"a name that hides nothing", {"for=_"}, ""},
      Row{"a client's open quote, which swallows what the proxy adds",
          {"for=1.1.1.1;x=\", for=192.0.2.43"},
          ""},
      Row{"the same, closed by the proxy's own", {"for=1.1.1.1;x=\", for=\"[2001:db8::1]\""}, ""});
  INFO(row.what);
  const Forwarded said = forwarded(row.values);
  CHECK(text_of(said.client) == "unknown");
  CHECK(said.fault == "Forwarded is malformed");
}

TEST_CASE("what a client has written in a field of its own is not looked at") {
  const Forwarded said = forwarded({"for=\"", "for=192.0.2.43"});
  CHECK(text_of(said.client) == "192.0.2.43");
  CHECK(said.fault.empty());
}

TEST_CASE("Forwarded says scheme and host as the first trusted proxy has seen them") {
  const Forwarded said =
      forwarded({"for=8.8.8.8;proto=http;host=evil, for=192.0.2.43;proto=HTTPS;host=\"a.org:8\"",
                 "for=10.0.0.1;proto=http"});
  CHECK(text_of(said.client) == "192.0.2.43");
  CHECK(said.scheme == "https");
  CHECK(said.host == "a.org:8");
}

TEST_CASE("a scheme that is not ours and a host that is none are not believed") {
  const Forwarded said = forwarded({"for=192.0.2.43;proto=gopher;host=\"a/b\""});
  CHECK(text_of(said.client) == "192.0.2.43");
  CHECK(said.scheme.empty());
  CHECK(said.host.empty());
  CHECK(said.fault == "Forwarded is malformed");
}

TEST_CASE("X-Forwarded-For names the client") {
  const Row row = GENERATE(
      Row{"one", {"192.0.2.43"}, "192.0.2.43"},
      Row{"the last is the nearest", {"8.8.8.8, 192.0.2.43"}, "192.0.2.43"},
      Row{"past trusted proxies", {"8.8.8.8,192.0.2.43,10.0.0.1", "10.0.0.2"}, "192.0.2.43"},
      Row{"none but proxies: the farthest", {"10.0.0.9, 10.0.0.1"}, "10.0.0.9"},
      Row{"with a port", {"192.0.2.43:4711"}, "192.0.2.43:4711"}, Row{"IPv6", {"2001:db8::1"}, "2001:db8::1"},
      Row{"IPv6 in brackets", {"[2001:db8::1]"}, "2001:db8::1"},
      Row{"IPv6 in brackets, with a port", {"[2001:db8::1]:80"}, "2001:db8::1:80"},
      Row{"mapped IPv4", {"192.0.2.43, ::ffff:10.0.0.1"}, "192.0.2.43"},
      Row{"unknown", {"unknown"}, "unknown"},
      Row{"unknown is not passed", {"8.8.8.8, unknown, 10.0.0.1"}, "unknown"},
      Row{"empty elements", {" ,192.0.2.43, ,"}, "192.0.2.43"}, Row{"an empty field", {""}, "nothing"},
      Row{"what a client has invented", {"\"garbage, 192.0.2.43"}, "192.0.2.43"},
      Row{"garbage", {"garbage"}, "unknown", true}, Row{"hidden", {"_hidden"}, "unknown", true},
      Row{"garbage is not passed", {"8.8.8.8, <script>, 10.0.0.1"}, "unknown", true},
      Row{"quotes", {"\"192.0.2.43\""}, "unknown", true}, Row{"octal", {"0300.0.2.43"}, "unknown", true},
      Row{"two addresses and a space", {"192.0.2.43 8.8.8.8"}, "unknown", true});
  INFO(row.what);
  const HeadOf fields("X-Forwarded-For", row.values);
  const Forwarded said = http::read_x_forwarded(fields.head, trusted());
  CHECK(text_of(said.client) == row.client);
  CHECK(said.fault.empty() != row.faulty);
}

TEST_CASE("X-Forwarded-Proto, -Host and -Port are those that were written where the client's address was") {
  struct Case {
    std::string client, scheme, host, port;
    std::string said;
  };
  const Case row =
      GENERATE(Case{"192.0.2.43", "https", "a.org", "8443", "https a.org 8443"},
               Case{"8.8.8.8, 192.0.2.43", "http, https", "evil, a.org", "1, 8443", "https a.org 8443"},
               Case{"192.0.2.43, 10.0.0.1", "https, http", "a.org, b.org", "8443, 80", "https a.org 8443"},
               Case{"192.0.2.43, 10.0.0.1", "https", "a.org", "8443", "https a.org 8443"},
               Case{"8.8.8.8, 192.0.2.43, 10.0.0.1", "http, https, http", "x, a.org, y", "1, 8443, 2",
                    "https a.org 8443"},
               Case{"", "HTTPS", "", "", "https  0"}, Case{"192.0.2.43", "ftp", "", "", "  0"},
               Case{"192.0.2.43", "https", "a/b", "x", "https  0"},
               Case{"192.0.2.43", "https", "a.org", "70000", "https a.org 0"});
  RequestHead head;
  head.fields = {{"X-Forwarded-For", row.client},
                 {"X-Forwarded-Proto", row.scheme},
                 {"X-Forwarded-Host", row.host},
                 {"X-Forwarded-Port", row.port}};
  const Forwarded said = http::read_x_forwarded(head, trusted());
  CAPTURE(row.client, row.scheme);
  CHECK(std::string(said.scheme) + " " + said.host + " " + std::to_string(said.port) == row.said);
}
