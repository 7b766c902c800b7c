// Each line is a field as a client has sent it, to a proxy that is trusted and adds the client's address.
// Whatever the client has sent, it does not choose its address.
#include <string>
#include <vector>

#include "fuzz.hpp"
#include "http/forwarded.hpp"
#include "http/token.hpp"

namespace {

using Values = std::vector<std::string>;

const net::TrustedProxies& trusted() {
  static const auto proxies = net::TrustedProxies::parse("10.0.0.0/8");
  return proxies;
}

http::Forwarded read(std::string_view name, const Values& values) {
  http::RequestHead head;
  for (const std::string& value : values) head.fields.push_back({name, value});
  return name == "Forwarded" ? http::read_forwarded(head, trusted())
                             : http::read_x_forwarded(head, trusted());
}

bool is(const http::Forwarded& said, const char* address) {
  return said.client && said.client->address && said.client->address == net::IpAddress::parse(address);
}

bool is_unknown(const http::Forwarded& said) {
  return said.client && said.client->kind == net::Peer::Kind::unknown && !said.client->address;
}

Values lines_of(std::string_view input) {
  Values lines;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    if (http::is_field_value(line)) lines.emplace_back(line);
  }
  return lines;
}

// The proxy adds to the client's last field, or a field of its own.
void check(std::string_view name, const Values& sent, const std::string& added, const char* address) {
  Values own = sent;
  own.push_back(added);
  expect(is(read(name, own), address), "a proxy's own field counts, whatever stands before it");
  if (sent.empty()) return;
  Values longer = sent;
  longer.back() += ", " + added;
  const http::Forwarded said = read(name, longer);
  expect(is(said, address) || (name == "Forwarded" && is_unknown(said)),
         "a client can hide its address at most, and only where there are quotes");
}

}  // namespace

void fuzz(std::string_view input) {
  const Values sent = lines_of(input);
  const http::Forwarded alone = read("Forwarded", sent);
  expect(!alone.client || alone.client->address.has_value() || is_unknown(alone),
         "an address is known or not");
  check("Forwarded", sent, "for=192.0.2.43", "192.0.2.43");
  check("Forwarded", sent, "for=\"[2001:db8::1]:80\";proto=https", "2001:db8::1");
  check("Forwarded", sent, "proto=https;for=\"192.0.2.43:80\", for=10.0.0.1", "192.0.2.43");
  check("X-Forwarded-For", sent, "192.0.2.43", "192.0.2.43");
  check("X-Forwarded-For", sent, "192.0.2.43, 10.0.0.1", "192.0.2.43");
}
